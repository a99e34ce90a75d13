const begin = "<!-- bench: begin -->";
const end = "<!-- bench: end -->";

/** Put a text between the markers of a document, in the place of what was there. */
export function withBlock(document: string, text: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document has no "${begin}" with "${end}" after it`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
