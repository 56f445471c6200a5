import assert from 'node:assert/strict';
import { durationText, TransferMeter } from '../../../../src/ui/transfers/transferMeter.ts';

describe('TransferMeter', () => {
  it('tells nothing too early', () => {
    const meter = new TransferMeter();
    assert.equal(meter.rate(0), undefined);
    meter.note(0, 0);
    meter.note(1000, 100);
    assert.equal(meter.rate(100), undefined);
    assert.equal(meter.secondsLeft(5000, 100), undefined);
  });

  it('tells the rate and the time left', () => {
    const meter = new TransferMeter();
    for (let at = 0; at <= 4000; at += 50) meter.note(at, at);
    assert.equal(meter.rate(4000), 1000);
    assert.equal(meter.secondsLeft(10_000, 4000), 6);
  });

  it('goes by the last ten seconds', () => {
    const meter = new TransferMeter();
    for (let at = 0; at <= 20_000; at += 100) meter.note(at, at);
    for (let at = 20_100; at <= 40_000; at += 100) meter.note(20_000 + (at - 20_000) * 3, at);
    assert.equal(Math.round(meter.rate(40_000) ?? 0), 3000);
  });

  it('falls while nothing arrives', () => {
    const meter = new TransferMeter();
    meter.note(0, 0);
    meter.note(1000, 1000);
    assert.equal(meter.rate(1000), 1000);
    assert.equal(meter.rate(10_000), 100);
  });

  it('starts over when something is sent again', () => {
    const meter = new TransferMeter();
    meter.note(5000, 0);
    meter.note(1000, 1000);
    meter.note(2000, 2000);
    assert.equal(meter.rate(2000), 1000);
  });

  it('holds few samples however often it is told', () => {
    const meter = new TransferMeter();
    for (let at = 0; at < 100_000; at += 1) meter.note(at, at);
    const rate = meter.rate(100_000) ?? 0;
    assert.ok(Math.abs(rate - 1000) < 10, String(rate));
  });
});

describe('durationText', () => {
  it('shows seconds, minutes and hours as clocks do', () => {
    assert.equal(durationText(0.2), '0:01');
    assert.equal(durationText(59.5), '1:00');
    assert.equal(durationText(725), '12:05');
    assert.equal(durationText(3723), '1:02:03');
  });
});
