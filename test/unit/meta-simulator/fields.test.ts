import { describe, expect, it } from 'vitest';
import { parseFields } from '../../../infra/meta-simulator/fields.ts';
import { GraphError } from '../../../infra/meta-simulator/graph-errors.ts';

const plain = (name: string) => ({ name, modifiers: new Map(), fields: undefined });

describe('parseFields', () => {
  it('reads a list of names', () => {
    expect(parseFields('id,updated_time')).toEqual([plain('id'), plain('updated_time')]);
  });

  it('reads modifiers and nested fields to any depth', () => {
    expect(parseFields('participants,messages.limit(5).after(QVFI=){id,from{id,username},message}')).toEqual([
      plain('participants'),
      {
        name: 'messages',
        modifiers: new Map([
          ['limit', '5'],
          ['after', 'QVFI='],
        ]),
        fields: [
          plain('id'),
          { name: 'from', modifiers: new Map(), fields: [plain('id'), plain('username')] },
          plain('message'),
        ],
      },
    ]);
  });

  it.each([
    '',
    ',',
    'id,',
    'id,,name',
    'messages{',
    'messages{}',
    'messages{id',
    'messages{id}}',
    'messages.limit',
    'messages.limit(5',
    'messages.(5)',
    'id name',
  ])('refuses %j as a syntax error', (text) => {
    expect(() => parseFields(text)).toThrow(GraphError);
    expect(() => parseFields(text)).toThrow(/^Syntax error .* at character \d+/);
  });
});
