import { describe, expect, it } from 'vitest';
import { stackName } from '../../infra/stack-name.ts';

describe('stackName', () => {
  it('is the same for all without a stage', () => {
    expect(stackName(undefined)).toBe('InstagramMessageGateway');
    expect(stackName('default')).toBe('InstagramMessageGateway');
  });

  it('ends with the stage', () => {
    expect(stackName('test-2')).toBe('InstagramMessageGateway-test-2');
  });

  it.each(['', 'a_b', 'a b', 'ü', 'x'.repeat(33), true, 7])('refuses %j', (stage) => {
    expect(() => stackName(stage)).toThrow('stage');
  });
});
