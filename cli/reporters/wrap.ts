/** Breaks a text into lines of at most `width` characters, between words; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width && !text.includes("\n")) return [text];
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    for (const word of paragraph.split(" ")) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= width)
        lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}
