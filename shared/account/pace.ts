const callsPerSecond = 2;

/**
 * Turns for calls of the Conversations API, two a second, for a caller that shares its limit with nobody it
 * knows of. https://developers.facebook.com/docs/instagram-platform/overview
 *
 * @returns what waits for the next turn; false when it comes after `deadline`, by `performance.now()`.
 */
export function ownPace(deadline: number): () => Promise<boolean> {
  const calls: number[] = [];
  return async () => {
    const waitMs = (calls.at(-callsPerSecond) ?? Number.NEGATIVE_INFINITY) + 1_050 - performance.now();
    if (performance.now() + Math.max(0, waitMs) >= deadline) return false;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    calls.push(performance.now());
    return true;
  };
}
