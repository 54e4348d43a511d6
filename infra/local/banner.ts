import type { Gateway } from './start-gateway.ts';

/** What the owner needs once the gateway runs. Tokens, secrets and the verify token are never shown. */
export function banner(gateway: Gateway, readyMs: number): string {
  const { url, apiKey, dataDir, configuration, graphUrl, phoneUrl } = gateway;
  const { credentials, login, publicUrl } = configuration;
  const metaHost = login === 'instagram' ? 'https://graph.instagram.com' : 'https://graph.facebook.com';
  const graph = credentials
    ? (graphUrl ?? `${metaHost} (Meta)`)
    : `${graphUrl} (simulator: no credentials are set, nothing reaches Meta)`;
  const rows = [
    ['Inbox', `${url}/#key=${apiKey}`],
    ['Gateway', url],
    ['Webhook', `${publicUrl ?? url}/api/webhook`],
    ['API key', apiKey],
    ['Data', dataDir],
    ['Graph calls', graph],
    ...(phoneUrl ? [["Customer's phone", phoneUrl]] : []),
  ];
  return [
    '',
    `Ready in ${(readyMs / 1000).toFixed(1)} s`,
    '',
    ...rows.map(([name = '', value = '']) => `  ${name.padEnd(16)} ${value}`),
    '',
    'Next:',
    `  curl -H "Authorization: Bearer ${apiKey}" ${url}/api/conversations`,
    credentials
      ? '  Meta needs a public https address: start a tunnel to this port, then: npm run connect -- --public-url https://…'
      : `  The simulated account's credentials are in ${dataDir}/simulator.json; .env.example lists the real ones.`,
    '  Ctrl-C stops everything; the data stays.',
    '',
  ].join('\n');
}
