import { describe, expect, it } from 'vitest';
import { nextSteps, readOutputs } from '../../../infra/operate/next-steps.ts';

const outputs = {
  CallbackUrl: 'https://api.example/api/webhook',
  InboxUrl: 'https://api.example/',
};

describe('readOutputs', () => {
  it('reads the outputs of the stack', () => {
    expect(readOutputs(JSON.stringify({ Gateway: outputs }), 'Gateway')).toEqual(outputs);
  });

  it('throws when the stack has none', () => {
    expect(() => readOutputs('{}', 'Gateway')).toThrow('Gateway');
  });
});

describe('nextSteps', () => {
  const text = nextSteps(outputs, { region: 'eu-central-1', stage: 'test' });

  it('tells callback URL and inbox URL', () => {
    expect(text).toContain(outputs.CallbackUrl);
    expect(text).toMatch(/Inbox +https:\/\/api\.example\/$/m);
  });

  it('gives the command that connects it, in its region', () => {
    expect(text).toMatch(/AWS_REGION=eu-central-1 npm run connect -- --stage test$/m);
  });

  it('gives the command that tries it', () => {
    expect(text).toMatch(/npm run smoke -- --url https:\/\/api\.example --key KEY$/m);
  });

  it('gives the command for a first key', () => {
    expect(text).toMatch(/npm run keys -- create .*--stage test$/m);
  });
});
