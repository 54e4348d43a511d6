import type { AppUserRequest } from '../../shared/account/app-user-requests.ts';
import type { HttpAnswer } from '../../shared/runtime/http/answers.ts';

/** For the person who asked: what was asked for, when, and what happens. Holds no text from outside. */
export function statusPage(code: string, { kind, receivedAtMs }: AppUserRequest): HttpAnswer {
  const asked = {
    data_deletion: 'A deletion of data was asked for.',
    deauthorize: 'The app was removed.',
  }[kind];
  return {
    statusCode: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    },
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Data deletion</title></head>
<body>
<h1>${asked}</h1>
<p>Confirmation code: <strong>${code}</strong></p>
<p>Received: <time>${new Date(receivedAtMs).toISOString()}</time></p>
<p>Status: recorded, and shown to the business that runs this app.</p>
<p>The request is about the login of the person or business that connected Instagram to this app. Its access token is
removed by the business that runs the app. Messages that customers sent to the business belong to its own
correspondence, and are not deleted by this request: a customer who wants them deleted asks the business.</p>
</body>
</html>
`,
  };
}
