import type { Connection } from './connection.ts';
import { dashboardFields } from './subscribe.ts';

/** What to paste where in the App Dashboard. The verify token is the one secret that has to be shown for it. */
export function dashboardSteps({ login, verifyToken }: Connection, callbackUrl: string): string {
  const place =
    login === 'instagram'
      ? 'Instagram > API setup with Instagram login, where it asks for the webhook'
      : 'Webhooks, with the object Instagram (not Page)';
  return `
In the App Dashboard (https://developers.facebook.com/apps/), open ${place}:
  Callback URL   ${callbackUrl}
  Verify token   ${verifyToken}
Press "Verify and Save", then subscribe to these fields of the object Instagram:
  ${dashboardFields.join(', ')}
An app has one callback URL for Instagram: setting it here ends delivery to wherever it led before.
`;
}

/** Ways to a public address for this machine. */
export function tunnelSteps(port: string): string {
  return `
Meta needs a public https address to deliver to. Open a tunnel to the gateway in another terminal, one of:
  ngrok http ${port}
  npx localtunnel --port ${port}
  cloudflared tunnel --url http://localhost:${port}
then go on with the address that it prints:
  npm run connect -- --public-url https://…
`;
}
