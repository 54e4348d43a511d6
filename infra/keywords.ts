import * as z from 'zod';
import type { AutoReplyRules } from '../functions/auto-reply/rules.ts';

const example = '[{ "words": ["price", "cost"], "reply": "Our prices: https://shop.example/prices" }]';

const text = z.string().trim().min(1);
const keywords = z.array(z.strictObject({ words: z.array(text).min(1), reply: text })).min(1);

/** Reads the JSON of AUTO_REPLY_KEYWORDS. Throws with what is wrong, and an example. */
export function parseKeywords(json: string): AutoReplyRules['keywords'] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error(`AUTO_REPLY_KEYWORDS is no JSON. It must be like: ${example}`);
  }
  const parsed = keywords.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'all'}: ${message}`);
  throw new Error(
    `AUTO_REPLY_KEYWORDS is not as expected (${faults.join('; ')}). It must be like: ${example}`,
  );
}
