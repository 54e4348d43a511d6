const lineLength = 115;

/** Keeps code in one line, and breaks none before ">", which would begin a quotation there. */
export function wrap(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/(?:`[^`]+`|[^ `])+(?: >)?/g) ?? []) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && longer.length > lineLength) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join('\n');
}
