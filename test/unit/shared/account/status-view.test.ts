import { describe, expect, test } from 'vitest';
import { type CheckReport, finding } from '../../../../shared/account/findings.ts';
import { statusView } from '../../../../shared/account/status-shape.ts';
import { viewStatus } from '../../../../shared/account/status-view.ts';

const report: CheckReport = {
  checked_at: '2026-01-02T03:04:05.000Z',
  account: { login: 'instagram', ig_user_id: '17841400000000001', subscribed_fields: ['messages'] },
  findings: [
    finding('dead_letters_waiting', 'Events in the dead-letter queue: 2.'),
    finding('access_level_likely', 'Sends are refused.', ['10/2534022 in an open window']),
  ],
  unchecked: [{ check: 'the callback URL', why: 'Meta did not tell it.' }],
};

describe('viewStatus', () => {
  test('before the first check says so, and what to run', () => {
    expect(viewStatus(undefined, {})).toEqual({
      account: {},
      findings: [],
      unchecked: [{ check: 'everything', why: expect.stringContaining('npm run doctor') }],
    });
  });

  test('shows the report as it is, with when Meta was last heard of', () => {
    expect(
      viewStatus(report, {
        deliveryAtMs: 1000,
        handshakeAtMs: 2000,
        signatureFailureAtMs: 3000,
        storedAtMs: 4,
      }),
    ).toEqual({
      ...report,
      last_delivery_at: '1970-01-01T00:00:01.000Z',
      last_handshake_at: '1970-01-01T00:00:02.000Z',
      last_signature_failure_at: '1970-01-01T00:00:03.000Z',
    });
  });

  test.each([undefined, report])('gives what the contract says', (given) => {
    const view = viewStatus(given, { deliveryAtMs: 1000 });
    expect(statusView.parse(view)).toEqual(view);
  });
});
