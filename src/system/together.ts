/** What several works come to, once none of them is under way any more. When some fail, the first of them in the list is told. */
export async function together<Works extends readonly unknown[]>(
  works: readonly [...Works],
): Promise<{ -readonly [Each in keyof Works]: Awaited<Works[Each]> }> {
  await Promise.allSettled(works);
  return await Promise.all(works);
}
