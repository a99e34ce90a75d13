/** Do the same with every item, some at a time. The answers come in the items' order. */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
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
