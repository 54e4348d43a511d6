import { checkAccount, ordered } from '../../../shared/account/check-account.ts';
import type { CheckReport, Unchecked } from '../../../shared/account/findings.ts';
import { healthStore } from '../../../shared/account/health-store.ts';
import { callbackUrlAt, probeCallback } from '../../../shared/account/probe-callback.ts';
import { callBudget } from '../../../shared/conversations/call-budget.ts';
import type { GatewayTable } from '../gateway-table.ts';
import type { GatewaySeen } from './gateway-seen.ts';

const probeTimeoutMs = 8_000;
const maxWaitMs = 5_000;

/** Has the Graph client of this process call what the gateway calls. */
export function useGraphOf({ input, graphUrl }: GatewaySeen): void {
  process.env.GRAPH_API_VERSION = input.graphVersion;
  if (graphUrl === undefined) delete process.env.GRAPH_API_BASE_URL;
  else process.env.GRAPH_API_BASE_URL = graphUrl;
}

/** Looks at the public address, then at everything else. Keeps the report where the gateway has a table. */
export async function examine(
  gateway: GatewaySeen,
  publicUrl: string | undefined,
): Promise<{
  readonly report: CheckReport /** Why the report could not be kept. */;
  readonly notKept?: unknown;
}> {
  const { input, table } = gateway;
  useGraphOf(gateway);

  const address = publicUrl ?? gateway.publicUrl;
  const verifyToken = input.connection.webhook?.verify_token;
  const url = address === undefined ? undefined : callbackUrlAt(address);
  const callback =
    url !== undefined && verifyToken !== undefined
      ? { url, probe: await probeCallback(url, verifyToken, probeTimeoutMs) }
      : undefined;
  const { report, observe, callbackUrl } = await checkAccount(
    { ...input, ...(callback && { callback }), nowMs: Date.now() },
    table &&
      input.connection.graph && { conversationsTurn: turnOf(table, input.connection.graph.ig_user_id) },
  );
  const whole: CheckReport = {
    ...report,
    findings: ordered([...report.findings, ...gateway.findings]),
    unchecked: [
      ...(callback ? [] : [addressUnchecked(url, callbackUrl)]),
      ...report.unchecked.filter(({ check }) => !isSaidOfGateway(check, gateway)),
      ...gateway.unchecked,
    ],
  };
  try {
    const health = table && healthStore(table.client, table.name);
    await health?.saveReport(whole);
    await health?.observe(observe);
    return { report: whole };
  } catch (error) {
    return { report: whole, notKept: error };
  }
}

/** Within the calls that the gateway and its commands together may make. */
function turnOf({ client, name }: GatewayTable, account: string): () => Promise<boolean> {
  const budget = callBudget(client, name, account);
  return () => budget.wait('conversations', Date.now() + maxWaitMs);
}

function addressUnchecked(url: string | undefined, metaDeliversTo: string | undefined): Unchecked {
  const check = 'the public address';
  if (url !== undefined) return { check, why: `There is no verify token to try ${url} with.` };
  const told = metaDeliversTo === undefined ? '' : ` Meta delivers to ${metaDeliversTo}.`;
  return { check, why: `None is known: give it with --public-url or as PUBLIC_URL.${told}` };
}

/** Why there are no queues to look at is said once. */
function isSaidOfGateway(check: string, { unchecked }: GatewaySeen): boolean {
  return (
    check === 'whether all events were stored' && unchecked.some((each) => each.check.includes('stored'))
  );
}
