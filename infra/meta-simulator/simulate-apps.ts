import { randomBytes } from 'node:crypto';
import type { Login } from './graph-errors.ts';
import type { App } from './world.ts';

export type AppPair = Pick<App, 'id' | 'secret' | 'instagramId' | 'instagramSecret'>;

/**
 * The app with these ids and secrets, each separated by commas, the n-th of one belonging to the n-th of the
 * other. Under Instagram login the Instagram app's pair comes first, the Meta app's second. What is absent is
 * made up.
 */
export function appFrom(login: Login, ids: string | undefined, secrets: string | undefined): AppPair {
  const [firstId, secondId] = listed(ids);
  const [firstSecret, secondSecret] = listed(secrets);
  if (login === 'facebook') {
    return { ...(firstId === undefined ? {} : { id: firstId }), secret: firstSecret ?? madeUp() };
  }
  return {
    ...(firstId === undefined ? {} : { instagramId: firstId }),
    ...(secondId === undefined ? {} : { id: secondId }),
    instagramSecret: firstSecret ?? madeUp(),
    secret: secondSecret ?? firstSecret ?? madeUp(),
  };
}

/** A secret nobody else knows. */
export function madeUp(): string {
  return randomBytes(24).toString('hex');
}

function listed(text = ''): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
}
