import type { World } from './world.ts';

const hourMs = 3600 * 1000;
const callsPerDailyUser = 200;
const regainMinutes = 19;

export function countCall({ limits }: World, calls = 1): void {
  for (let i = 0; i < calls; i += 1) limits.take('app', Number.POSITIVE_INFINITY, hourMs);
}

/** How much of its hour's allowance the app has used, in percent. Throttled from 100. */
export function appUsage({ limits, state }: World): number {
  return Math.floor((100 * limits.count('app', hourMs)) / (callsPerDailyUser * state.switches.dailyUsers));
}

/**
 * The usage that Meta tells once it is worth telling, from 1 percent on; a throttled call tells 100 at least.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
export function usageHeaders(world: World, isThrottled = false): Readonly<Record<string, string>> {
  const { account, login, readings } = world;
  if (login === 'instagram' && readings.usageHeadersOnInstagramLogin === 'absent') return {};
  const percent = Math.max(appUsage(world), isThrottled ? 100 : 0);
  if (percent < 1) return {};
  const usage = { call_count: percent, total_cputime: percent, total_time: percent };
  const ofAccount = {
    type: readings.usageType,
    ...usage,
    estimated_time_to_regain_access: percent < 100 ? 0 : regainMinutes,
  };
  return {
    'x-app-usage': JSON.stringify(usage),
    'x-business-use-case-usage': JSON.stringify({ [account.id]: [ofAccount] }),
  };
}
