/** Few enough questions at once for a host that allows 64 open files: each tool that is asked takes up to six. */
const atOnce = 6;

/** Do the same with every item, some at a time. The answers come in the items' order. */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  act: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [at, item] of waiting) answers[at] = await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}
