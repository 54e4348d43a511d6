import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphConversationView } from '../../../functions/get-messages/answer-shape.ts';
import { type Gateway, startGateway } from '../../../infra/local/start-gateway.ts';
import type { ShownState } from '../../../infra/meta-simulator/page/wire.ts';
import type { MessageView } from '../../../shared/conversations/view-shapes.ts';
import { canaries } from '../../builders/canaries.ts';
import { jsonBody, logFile, newDataFolder } from '../../builders/gateway.ts';

const waiting = { timeout: 10_000, interval: 50 };
const ada = '123456789';

describe('without credentials', () => {
  const folder = newDataFolder();
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway({
      settings: { PORT: '0', SIMULATOR_PORT: '0', DATA_DIR: folder.path },
      log: logFile(),
    });
  });
  afterAll(async () => {
    await gateway.stop();
    folder.remove();
  });

  async function api<Data>(path: string, init: RequestInit = {}): Promise<Data> {
    const response = await fetch(`${gateway.url}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${gateway.apiKey}`,
        ...(init.body ? { 'content-type': 'application/json' } : {}),
      },
    });
    return ((await response.json()) as { data: Data }).data;
  }

  const phone = (path: string, init?: RequestInit) => fetch(`${gateway.phoneUrl}simulator/${path}`, init);
  const shown = async () => (await (await phone('state')).json()) as ShownState;

  const read = async () => {
    const conversations = await api<readonly GraphConversationView[]>('/api/get-messages');
    return conversations.flatMap(({ messages }) => messages.data);
  };

  test('the phone has its page', async () => {
    const response = await fetch(gateway.phoneUrl ?? '');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Customer's phone");
  });

  test('what a customer writes is read within a second, on a busy machine two', async () => {
    // The function's first start is none of the message's way.
    await expect.poll(async () => (await read()).map(({ message }) => message), waiting).toEqual(['Hello!']);
    const text = `${canaries.text} Gibt es das in Blau? 💙`;
    const startedAtMs = performance.now();
    const response = await phone('actions', jsonBody({ action: 'write', customerId: ada, text }));
    expect(response.status).toBe(200);
    const { mid } = (await response.json()) as { mid: string };
    await expect
      .poll(async () => (await read()).find(({ id }) => id === mid), waiting)
      .toMatchObject({ message: text, from: { id: ada } });
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });

  test('an answer shows on the phone, and its echo is stored as sent', async () => {
    const text = `${canaries.text} Ja, ab morgen.`;
    const { message_id } = await api<{ message_id: string }>(
      '/api/send-message',
      jsonBody({ recipient_id: ada, message: text }),
    );
    expect((await shown()).messages.at(-1)).toMatchObject({ id: message_id, fromBusiness: true, text });
    await expect
      .poll(async () => (await shown()).deliveries.find(({ kinds }) => kinds.includes('echo')), waiting)
      .toMatchObject({ state: 'delivered', status: 200 });
    const [conversation] = await api<readonly { id: string }[]>('/api/conversations');
    await expect
      .poll(() => api<readonly MessageView[]>(`/api/conversations/${conversation?.id}/messages`), waiting)
      .toContainEqual(expect.objectContaining({ id: message_id, direction: 'out', text }));
  });

  test('whoever npm run webhook makes up can be answered', async () => {
    const child = spawn(
      process.execPath,
      [
        resolve(import.meta.dirname, '../../../infra/operate/send-webhook.ts'),
        '--from',
        '555',
        '--text',
        canaries.text,
      ],
      {
        cwd: folder.path,
        env: { PATH: process.env.PATH, DATA_DIR: folder.path },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    expect(await text(child.stdout)).toMatch(/^200\n/);
    const sent = await api<{ recipient_id: string }>(
      '/api/send-message',
      jsonBody({ recipient_id: '555', message: canaries.text }),
    );
    expect(sent).toMatchObject({ recipient_id: '555' });
  });
});
