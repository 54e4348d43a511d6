import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture.ts';

let gateway: Fixture;
beforeAll(async () => {
  gateway = await startFixture();
});
afterAll(async () => {
  await gateway.stop();
  rmSync(gateway.dataDir, { recursive: true });
});

interface Echo {
  event: Record<string, unknown>;
  pid: number;
  environment: Record<string, string>;
  name: string;
}

async function echo(path: string, init?: RequestInit): Promise<Echo> {
  const answer = await fetch(`${gateway.url}${path}`, init);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Echo;
}

const post = (body: string | Uint8Array<ArrayBuffer>, contentType: string) => ({
  method: 'POST',
  body,
  headers: { 'content-type': contentType },
});

describe('the event', () => {
  test('has the shape of payload format 2.0', async () => {
    const { event } = await echo('/echo?a=1&a=2&b=%C3%A4%20x&empty=', {
      headers: { Cookie: 'x=1; y=2', 'X-Mixed-Case': 'Ü', 'user-agent': 'test' },
    });
    expect(event).toStrictEqual({
      version: '2.0',
      routeKey: 'ANY /echo',
      rawPath: '/echo',
      rawQueryString: 'a=1&a=2&b=%C3%A4%20x&empty=',
      cookies: ['x=1', 'y=2'],
      headers: expect.objectContaining({
        'x-mixed-case': 'Ü',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
      }),
      queryStringParameters: { a: '1,2', b: 'ä x', empty: '' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: new URL(gateway.url).host,
        domainPrefix: '127',
        http: {
          method: 'GET',
          path: '/echo',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.any(String),
        routeKey: 'ANY /echo',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('has the decoded path and its parameters', async () => {
    const { event } = await echo('/echo/a%20b/items');
    expect(event).toMatchObject({
      routeKey: 'GET /echo/{id}/items',
      rawPath: '/echo/a b/items',
      pathParameters: { id: 'a b' },
    });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/xml'])(
    'has a body of %s as text',
    async (contentType) => {
      const { event } = await echo('/echo', post('{"ä": "😀"}', contentType));
      expect(event).toMatchObject({ body: '{"ä": "😀"}', isBase64Encoded: false });
    },
  );

  test.each(['application/x-www-form-urlencoded', 'application/octet-stream', 'application/ld+json'])(
    'has a body of %s in base64',
    async (contentType) => {
      const { event } = await echo('/echo', post('a=ä', contentType));
      expect(event).toMatchObject({
        body: Buffer.from('a=ä').toString('base64'),
        isBase64Encoded: true,
      });
    },
  );

  test('keeps bytes that are no text', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    const { event } = await echo('/echo', post(bytes, 'application/json'));
    expect(event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
  });
});

describe('the function', () => {
  test('sees its own variables and none of ours', async () => {
    process.env.SECRET_OF_THE_HOST = 'x';
    const { environment, name } = await echo('/echo');
    expect(name).toBe('echo');
    expect(environment).toMatchObject({
      TABLE_NAME: 'StoreTable',
      QUEUE_URL: gateway.queueUrl('WorkQueue'),
      JOINED: 'a/us-east-1',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_DYNAMODB: gateway.endpoints.dynamodb,
      AWS_ENDPOINT_URL_SQS: gateway.endpoints.sqs,
      AWS_ENDPOINT_URL_SNS: gateway.endpoints.sns,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: gateway.endpoints.secretsManager,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      GRAPH_API_BASE_URL: 'http://127.0.0.1:9',
      HUMAN_AGENT: 'off',
    });
    expect(environment).not.toHaveProperty('SECRET_OF_THE_HOST');
    expect(environment).not.toHaveProperty('HOME');
  });

  test('shows what it writes, and each request, as a line', async () => {
    await echo('/echo?hidden=1');
    await expect.poll(() => gateway.lines).toContain('echo INFO echoed');
    await expect.poll(() => gateway.lines).toContainEqual(expect.stringMatching(/^GET \/echo 200 \d+ ms$/));
    expect(gateway.lines.join('\n')).not.toContain('hidden');
  });
});

describe('the answer', () => {
  const answerOf = (answer: unknown) =>
    fetch(`${gateway.url}/echo`, post(JSON.stringify({ answer }), 'application/json'));

  test('has the headers and cookies of the function', async () => {
    const answer = await fetch(`${gateway.url}/echo`);
    expect(answer.headers.get('x-echo')).toBe('yes');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('apigw-requestid')).toBeTruthy();
  });

  test('is JSON with status 200 when the function gives no status', async () => {
    const answer = await answerOf({ hello: 'ä' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({ hello: 'ä' });
  });

  test('is the string that the function gives', async () => {
    expect(await (await answerOf('hello')).text()).toBe('hello');
  });

  test('decodes base64', async () => {
    const answer = await answerOf({ statusCode: 201, isBase64Encoded: true, body: '//4A' });
    expect(answer.status).toBe(201);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0xff, 0xfe, 0]));
  });
});

describe('what API Gateway answers by itself', () => {
  const bare = async (path: string, init?: RequestInit) => {
    const answer = await fetch(`${gateway.url}${path}`, init);
    return [answer.status, await answer.json()];
  };
  const failed = [500, { message: 'Internal Server Error' }];

  test('404 without a route', async () => {
    expect(await bare('/nowhere')).toEqual([404, { message: 'Not Found' }]);
    expect(await bare('/misbehave', { method: 'POST' })).toEqual([404, { message: 'Not Found' }]);
  });

  test('413 above 10 MB', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect(await bare('/echo', post(body, 'text/plain'))).toEqual([
      413,
      { message: 'Request Entity Too Large' },
    ]);
  });

  test('431 above 10,240 bytes of headers', async () => {
    const status = await new Promise((resolve, reject) => {
      request(`${gateway.url}/echo`, { headers: { 'x-long': 'x'.repeat(10_240) } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(431);
  });

  test.each(['throw', 'crash', 'wrong', 'header', 'large', 'hang', 'spin'])(
    '500 when a function fails: %s',
    async (how) => {
      expect(await bare(`/misbehave?how=${how}`)).toEqual(failed);
      // The next invocation finds a working environment.
      expect((await bare('/misbehave'))[0]).toBe(200);
    },
  );

  test('500 when the request is above 6 MB', async () => {
    expect(await bare('/echo', post('x'.repeat(6 * 1024 * 1024), 'text/plain'))).toEqual(failed);
  });

  test('500 when a function does not load, again and again', async () => {
    expect(await bare('/broken')).toEqual(failed);
    expect(await bare('/broken')).toEqual(failed);
    expect(gateway.lines.join('\n')).toContain('does not load');
  });
});

test('concurrent requests run in environments of their own, at most four', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => echo('/echo')));
  const processes = new Set(answers.map(({ pid }) => pid));
  expect(processes.size).toBeGreaterThan(1);
  expect(processes.size).toBeLessThanOrEqual(4);
});
