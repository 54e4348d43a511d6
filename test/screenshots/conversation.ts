import { crc32, deflateSync } from 'node:zlib';
import { firstCustomer } from '../../infra/meta-simulator/start-meta.ts';
import type { SendingGateway } from '../builders/sending-gateway.ts';
import { waitUntil } from '../builders/wait-until.ts';

const ada = firstCustomer.id;

const people = [
  ['blue.jacket', 'Blue Jacket Fan', 'Is the blue jacket still available in size M?'],
  ['coffee.first', 'محبة القهوة', 'مرحبا، هل المنتج متوفر؟'],
  ['two.wheels', 'Two Wheels', 'Grazie mille!'],
  ['late.parcel', 'Parcel Watcher', 'Where is my order? I ordered it two weeks ago.'],
  ['bigger.one', 'Always A Size Up', 'Can I swap it for a bigger one?'],
  ['sunday.run', 'Sunday Runner', 'Thanks, it fits!'],
] as const;

/** People who wrote, and one conversation with every kind of message. */
export async function tellStory(gateway: SendingGateway): Promise<void> {
  const { customers } = gateway.meta;
  people.forEach(([username, name, text], place) => {
    const id = String(10 ** 15 + place);
    customers.add({ id, username, name });
    customers.write(id, { text });
  });
  await gateway.wroteAgo('555000111', 26 * 60 * 60 * 1000);
  const url = await heldPhoto(gateway);
  const attach = (type: string, payload?: Readonly<Record<string, unknown>>) =>
    customers.write(ada, { attachments: [payload ? { type, payload } : { type }] });
  const { id: question } = customers.write(ada, { text: 'Do you ship to Malmö? And what does it cost?' });
  const isStored = (mid: string) =>
    waitUntil(async () => (await gateway.stored()).some(({ id }) => id === mid));
  await isStored(question);
  const answer = 'Yes, we do. It takes two days and costs 4 €: https://example.com/shipping';
  const { body } = await gateway.send({ message: answer, reply_to: question });
  await isStored(body.data?.message_id ?? '');
  customers.react(body.data?.message_id ?? '', { reaction: 'love', emoji: '❤️' });
  attach('image', { url });
  attach('audio', { url: 'https://example.invalid/voice' });
  attach('file', { url: 'https://example.com/invoice.pdf' });
  attach('ig_post', { url: 'https://www.instagram.com/p/XXXX/', title: 'New in the shop: the blue jacket' });
  attach('ig_reel', { url: 'https://www.instagram.com/reel/XXXX/', title: 'How it is made' });
  customers.mentionInStory(ada, 'https://example.invalid/story.jpg');
  customers.write(ada, { text: 'Love it!', replyToStory: { id: '1', url: 'https://example.invalid/s.jpg' } });
  customers.write(ada, { isUnsupported: true });
  attach('ephemeral');
  customers.write(ada, { text: '<b>bold?</b> \u202Egnp.exe' });
  customers.unsend(customers.write(ada, { text: 'Sorry' }).id);
  const { id: edited } = customers.write(ada, { text: 'I wnat two' });
  await isStored(edited);
  customers.edit(edited, 'I want two');
  customers.tap(ada, { title: 'Track order', payload: 'TRACK' });
  customers.followLink(ada, { ref: 'summer' });
  const { id: last } = customers.write(ada, { text: 'Thank you!' });
  await isStored(last);
}

async function heldPhoto({ meta }: SendingGateway): Promise<string> {
  const body = new Uint8Array(photo());
  const headers = { 'content-type': 'image/png' };
  const held = await fetch(`${meta.url}/simulator/media`, { method: 'POST', headers, body });
  return ((await held.json()) as { url: string }).url;
}

/** A picture without an author: a gradient, as a PNG of 8-bit RGB. */
function photo(side = 320): Buffer {
  const rows = Array.from({ length: side }, (_, y) => [
    0,
    ...Array.from({ length: side }, (_, x) => [
      60 + (150 * x) / side,
      90 + (90 * y) / side,
      200 - (90 * x) / side,
    ]).flat(),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const pixels = deflateSync(Buffer.from(rows.flat()));
  const mark = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([mark, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}
