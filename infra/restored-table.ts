/**
 * The table that the gateway uses in place of its own (`cdk deploy -c tableName=NAME`): DynamoDB restores a backup to
 * a new table only. Absent: its own. Throws when no table can have such a name.
 */
export function restoredTable(name: unknown): string | undefined {
  if (name === undefined || name === '') return undefined;
  if (typeof name === 'string' && isTableName(name)) return name;
  throw new Error(
    `The table's name must be 3 to 255 letters, digits, hyphens, dots or underscores, not ${JSON.stringify(name)}.`,
  );
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
export function isTableName(name: string): boolean {
  return /^[A-Za-z0-9_.-]{3,255}$/.test(name);
}
