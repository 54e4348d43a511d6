import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { CommandFailed } from '../../../../infra/operate/command.ts';
import type { ReachedAccount } from '../../../../infra/operate/connect/connection.ts';
import { subscribe } from '../../../../infra/operate/connect/subscribe.ts';
import { answerJson, startServer } from '../../../builders/http-server.ts';

const account: ReachedAccount = {
  login: 'instagram',
  apps: [{ id: '333', secret: 'secret' }],
  accessToken: 'token',
  appsecretProof: 'off',
  igUserId: '17841',
  mistakenId: '2',
};

interface Behaviour {
  readonly held?: readonly string[];
  readonly refuses?: readonly string[];
  /** Takes it and does not keep it. */
  readonly forgets?: readonly string[];
  readonly appId?: string;
}

/** Graph's subscribed_apps, with a will of its own. */
async function start({ held, refuses = [], forgets = [], appId = '333' }: Behaviour) {
  let fields = held;
  const posted: string[] = [];
  const server = await startServer(({ method, url }, response) => {
    if (method === 'GET') {
      answerJson(response, 200, { data: fields ? [{ id: appId, subscribed_fields: fields }] : [] });
      return;
    }
    const asked = (url.searchParams.get('subscribed_fields') ?? '').split(',');
    posted.push(asked.join());
    const refused = asked.find((field) => refuses.includes(field));
    if (refused !== undefined) {
      answerJson(response, 400, { error: { message: `(#100) ${refused} is unknown`, code: 100 } });
      return;
    }
    const kept = asked.filter((field) => !forgets.includes(field));
    fields = kept.length > 0 ? kept : undefined;
    answerJson(response, 200, { success: true });
  });
  onTestFinished(() => server.stop());
  vi.stubEnv('GRAPH_API_BASE_URL', server.url);
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  onTestFinished(() => void vi.unstubAllEnvs());
  return { posted, fields: () => fields };
}

const told: string[] = [];
const warned: string[] = [];
const teller = {
  tell: (line: string) => void told.push(line),
  warn: (line: string) => void warned.push(line),
};
beforeEach(() => {
  told.length = 0;
  warned.length = 0;
});

test('a field that Meta refuses is named, and the rest subscribed', async () => {
  const meta = await start({ refuses: ['message_echoes', 'message_edit'] });
  expect(await subscribe(account, teller)).toBe(true);
  expect(warned).toEqual([
    'Meta refuses the field message_edit: Meta answered 100: (#100) message_edit is unknown',
    'Meta refuses the field message_echoes: Meta answered 100: (#100) message_echoes is unknown',
  ]);
  expect(meta.fields()).toContain('messages');
  expect(meta.fields()).toContain('standby');
  expect(meta.fields()).not.toContain('message_echoes');
});

test('what is subscribed beyond ours stays', async () => {
  const meta = await start({ held: ['mentions', 'messages'] });
  await subscribe(account, teller);
  expect(meta.fields()?.slice(0, 3)).toEqual(['mentions', 'messages', 'messaging_postbacks']);
});

test('a refusal of messages itself is a failure', async () => {
  await start({ refuses: ['messages'] });
  await expect(subscribe(account, teller)).rejects.toThrow(/Subscribing failed\. .*messages is unknown/);
});

test('success that is not there afterwards is a failure', async () => {
  await start({ forgets: ['messages'] });
  await expect(subscribe(account, teller)).rejects.toThrow(
    /The field messages is not subscribed: Meta lists/,
  );
});

test('with Facebook login any field of the Page will do, of this app alone', async () => {
  const facebook: ReachedAccount = { ...account, login: 'facebook' };
  const meta = await start({ held: ['name'] });
  expect(await subscribe(facebook, teller)).toBe(false);
  expect(meta.posted).toEqual([]);

  const other = await start({ held: ['feed'], appId: '999' });
  await expect(subscribe(facebook, teller)).rejects.toThrow(CommandFailed);
  expect(other.posted).toEqual(['feed']);
});
