import { expect } from 'vitest';
import * as z from 'zod';
import { createClock } from '../../../infra/meta-simulator/clock.ts';
import type { Readings } from '../../../infra/meta-simulator/readings.ts';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { accessToken, appSecret, startTestMeta } from './simulated-meta.ts';

const record = z.record(z.string(), z.unknown());
const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'DELETE']),
  path: z.string(),
  json: record.optional(),
  form: z.record(z.string(), z.string()).optional(),
  /** Null: none. Absent: the account's. */
  token: z.string().nullable().optional(),
});
const person = { id: z.string(), username: z.string() };

/** What holds before the call: one thing each. */
const given = z.union([
  z.strictObject({
    wrote: z.looseObject({ ...person, mid: z.string(), text: z.string().optional() }),
  }),
  z.strictObject({
    comment: z.looseObject({ id: z.string(), from: z.object(person), hoursAgo: z.number() }),
  }),
  z.strictObject({ switches: record }),
  z.strictObject({ readings: record }),
  z.strictObject({ faults: record }),
  z.strictObject({ owner: z.object({ customerId: z.string(), appId: z.string() }) }),
  z.strictObject({ folder: z.object({ customerId: z.string(), folder: z.literal('requests') }) }),
  z.strictObject({ callback: z.string() }),
  z.strictObject({ blocked: z.string() }),
  z.strictObject({ tapped: z.object(person) }),
  z.strictObject({ advanceHours: z.number() }),
  z.strictObject({ code: z.literal(true) }),
  z.strictObject({ issue: z.enum(['user', 'instagram']), lifetime: z.enum(['short', 'long']) }),
  z.strictObject({ call: request, as: z.string().optional(), times: z.number().optional() }),
]);

export const conformanceCase = z.strictObject({
  section: z.string(),
  name: z.string(),
  login: z.enum(['facebook', 'instagram']),
  given: z.array(given).default([]),
  request,
  status: z.number(),
  /** `<…>` stands for what cannot be known beforehand. */
  answer: record,
  /** Parsed from JSON; null where there must be none. */
  headers: z.record(z.string(), record.nullable()).default({}),
});
export type ConformanceCase = z.infer<typeof conformanceCase>;
type Given = z.infer<typeof given>;
type Names = Record<string, unknown>;

const hourMs = 60 * 60 * 1000;
// 2026-01-05T10:11:12Z
const startMs = 1_767_607_872_000;
const ada = { id: '1234567890123456', username: 'ada', name: 'Ada' };

interface Played {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * Plays a case against a simulator of its own, in which Ada wrote `m1`, "hello", just now: what it answered, and
 * what it should have.
 */
export async function play({ login, request: asked, ...played }: ConformanceCase): Promise<{
  readonly got: Played;
  readonly wanted: Played;
}> {
  const clock = createClock({ startMs });
  const readings: Partial<Readings> = Object.assign(
    {},
    ...played.given.map((step) => ('readings' in step ? step.readings : {})),
  );
  const app = { secret: appSecret, instagramSecret: 'test_instagram_secret', verifyToken: 'right' };
  const meta = await startTestMeta({ app, login, clock, readings, seed: 'conformance' });
  const names: Names = {};
  try {
    wrote(meta, { ...ada, mid: 'm1', text: 'hello' });
    for (const step of played.given) {
      if ('advanceHours' in step) await clock.advance(step.advanceHours * hourMs);
      else await prepare(meta, step, names);
    }
    const { headers, ...got } = await send(meta, asked, names);
    const told = Object.keys(played.headers).map((name) => [name, JSON.parse(headers.get(name) ?? 'null')]);
    return {
      got: { ...got, headers: Object.fromEntries(told) },
      wanted: {
        status: played.status,
        body: expected(filled(played.answer, names)),
        headers: played.headers,
      },
    };
  } finally {
    await meta.stop();
  }
}

async function prepare(meta: Meta, step: Given, names: Names): Promise<void> {
  const { world, url } = meta;
  const { state, faults, comments, clock } = world;
  if ('wrote' in step) wrote({ world }, step.wrote);
  else if ('comment' in step) {
    const { hoursAgo, ...comment } = step.comment;
    const whole = { text: '', mediaId: '', ...comment, atMs: clock.nowMs() - hoursAgo * hourMs };
    comments.add(whole);
  } else if ('switches' in step) state.set(step.switches);
  else if ('faults' in step) {
    for (const [name, setting] of Object.entries(step.faults)) faults.set(name as never, setting as never);
  } else if ('owner' in step) state.threads.passTo(step.owner.customerId, step.owner.appId);
  else if ('callback' in step) meta.setCallbackUrl(step.callback);
  else if ('folder' in step) state.threads.set(step.folder.customerId, { folder: step.folder.folder });
  else if ('tapped' in step) world.conversations.tapped(step.tapped, clock.nowMs());
  else if ('blocked' in step) state.threads.set(step.blocked, { isBlocked: true });
  else if ('code' in step) names.code = state.tokens.issueCode();
  else if ('issue' in step) {
    const { tokens } = state;
    const token =
      step.lifetime === 'short' ? tokens.issueShortLived(step.issue) : tokens.issueLongLived(step.issue);
    names.token = token.value;
  } else if ('call' in step) {
    for (let i = 0; i < (step.times ?? 1); i += 1) {
      const { body } = await send({ url }, step.call, names);
      if (step.as !== undefined) names[step.as] = body;
    }
  }
}

function wrote(
  { world }: Pick<Meta, 'world'>,
  {
    id,
    username,
    name,
    mid,
    ...content
  }: Record<string, unknown> & { id: string; username: string; mid: string },
): void {
  const person = { id, username, ...(typeof name === 'string' ? { name } : {}) };
  const message = { id: mid, sentAtMs: world.clock.nowMs(), fromBusiness: false, ...content };
  world.conversations.add(person, message);
}

async function send(
  { url }: Pick<Meta, 'url'>,
  { method, path, json, form, token }: z.infer<typeof request>,
  names: Names,
) {
  const bearer = token === undefined ? accessToken : token;
  const payload = form
    ? new URLSearchParams(filled(form, names) as Record<string, string>)
    : json && JSON.stringify(filled(json, names));
  const response = await fetch(`${url}${String(filled(path, names))}`, {
    method,
    headers: {
      ...(form ? {} : { 'content-type': 'application/json' }),
      ...(bearer === null ? {} : { authorization: `Bearer ${String(filled(bearer, names))}` }),
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
  return { status: response.status, headers: response.headers, body: record.parse(await response.json()) };
}

/** Puts what an earlier step named in the place of `{name.path.to.it}`. */
function filled(value: unknown, names: Names): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{([a-z]+(?:\.\w+)*)\}/g, (_, path: string) =>
      String(path.split('.').reduce<unknown>((at, key) => Reflect.get(Object(at), key), names)),
    );
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, names)]));
}

const placeholders: Readonly<Record<string, unknown>> = {
  '<mid>': expect.stringMatching(/^aWdfZAG1[A-Za-z0-9]{154}ZD$/),
  '<trace>': expect.stringMatching(/^A[A-Za-z0-9]{10,}$/),
  '<conversation>': expect.stringMatching(/^aWdfZAG06/),
  '<next>': expect.stringMatching(/^http:.*[?&]access_token=.*[?&]after=/),
  '<token>': expect.stringMatching(/^(EAA|IGAA)\w{20,}$/),
  '<digits>': expect.stringMatching(/^\d+$/),
  '<text>': expect.stringMatching(/./),
  '<number>': expect.any(Number),
  '<boolean>': expect.any(Boolean),
  '<list>': expect.any(Array),
};

function expected(value: unknown): unknown {
  if (typeof value === 'string') return placeholders[value] ?? value;
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expected(item)]));
}
