/** An alarm's name, of the stack and the section of the runbook that belongs to it. */
export function alarmName(stack: string, section: string): string {
  return `${stack}-${section}`;
}

/** Where the runbook explains it. */
export function runbookSection(section: string): string {
  return `docs/runbook.md#${section}`;
}
