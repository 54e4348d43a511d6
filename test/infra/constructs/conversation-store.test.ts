import { beforeAll, describe, expect, it } from 'vitest';
import { type Resource, resources, synthesise } from '../synthesise.ts';

describe('ConversationStore', () => {
  let tables: [string, Resource][];
  beforeAll(async () => {
    tables = resources(await synthesise(), 'AWS::DynamoDB::Table');
  });

  // A changed key, index or logical id makes CloudFormation create a new, empty table.
  it('keeps its logical id, keys and indexes for good', () => {
    expect(tables).toHaveLength(1);
    expect(tables[0]?.[0]).toBe('ConversationStoreTable5C79F423');
    const { Properties } = tables[0]?.[1] ?? {};
    expect(Properties).toMatchObject({
      AttributeDefinitions: ['pk', 'sk', 'timeline_key', 'inbox_key', 'activity_key'].map(
        (AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        }),
      ),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    expect(Properties?.LocalSecondaryIndexes).toEqual([
      {
        IndexName: 'timeline',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'timeline_key', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
    expect(Properties?.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'inbox',
        KeySchema: [
          { AttributeName: 'inbox_key', KeyType: 'HASH' },
          { AttributeName: 'activity_key', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
    expect(Properties).not.toHaveProperty('TableName');
  });

  it('is retained, protected, recoverable, and billed on demand', () => {
    expect(tables[0]?.[1]).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      },
    });
  });
});
