import { runCommand, WrongUsage } from './command.ts';
import { examine } from './doctor/examine.ts';
import { gatewayHere } from './doctor/gateway-here.ts';
import { gatewayOnAws } from './doctor/gateway-on-aws.ts';
import { type GatewaySeen, why } from './doctor/gateway-seen.ts';
import { showReport } from './doctor/show-report.ts';

const help = `Says what is wrong with the connection to Instagram, what it means, and what to do.

  npm run doctor
  npm run doctor -- --public-url https://example.ngrok.app
  npm run doctor -- --stage default

  --stage STAGE      of the gateway deployed with this stage, "default" for the first (default: the one that
                     "npm run dev" runs on this machine or, when none runs, what .env.local configures)
  --public-url URL   where Meta reaches it (default PUBLIC_URL, or the deployed stack's own address)
  --json             the report as JSON, and nothing else, on standard output

It changes nothing at Meta. It asks Meta, with the token; makes the handshake at the public address; and keeps
the report for GET /api/status where the gateway runs.

Ends with 0 when nothing is wrong, 1 for an error, 3 for warnings alone, 2 for a wrong command line.`;

const flags = {
  stage: { type: 'string' },
  'public-url': { type: 'string' },
  json: { type: 'boolean' },
} as const;

const quietMs = 2_000;

await runCommand(help, flags, async ({ stage, json, 'public-url': publicUrl }) => {
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? '')) {
    throw new WrongUsage(`--public-url takes an address like https://example.ngrok.app, not "${publicUrl}".`);
  }
  const progress = setTimeout(() => console.error('Looking; this can take half a minute …'), quietMs);
  try {
    const gateway = stage === undefined ? await gatewayHere() : await gatewayOnAws(stage);
    const { report, notKept } = await examine(gateway, publicUrl);
    if (notKept !== undefined)
      console.error(`The report could not be kept for GET /api/status: ${why(notKept)}`);
    console.log(json ? JSON.stringify(report, null, 2) : `${heading(gateway)}\n\n${showReport(report)}`);
    if (report.findings.length === 0) return 0;
    return report.findings.some(({ severity }) => severity === 'error') ? 1 : 3;
  } finally {
    clearTimeout(progress);
  }
});

function heading({ place, graphUrl, isSimulated }: GatewaySeen): string {
  const meta = isSimulated
    ? '\nMeta is simulated: nothing below is about a real account.'
    : graphUrl === undefined
      ? ''
      : `\nGraph calls go to ${graphUrl}, by GRAPH_API_BASE_URL.`;
  return `Gateway: ${place}${meta}`;
}
