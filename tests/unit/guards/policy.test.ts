import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowedActions, createPolicy, LEVELS, TOPICS, type Action, type Topic } from '../../../src/guards/policy.ts';

const NONE: ReadonlyMap<string, Action> = new Map();
const topicOf = (rule: string): Topic | undefined => (rule === 'delete-root' ? 'command' : rule === 'email-address' ? 'personal' : undefined);

describe('the table of levels', () => {
  const table: Readonly<Record<Topic, readonly [Action, Action, Action]>> = {
    credential: ['redact', 'redact', 'redact'],
    exact: ['redact', 'redact', 'redact'],
    payment: ['off', 'redact', 'redact'],
    personal: ['off', 'off', 'redact'],
    'hidden-text': ['flag', 'strip', 'block'],
    injection: ['flag', 'quarantine', 'block'],
    'user-injection': ['off', 'flag', 'block'],
    command: ['flag', 'block', 'block'],
    'doubtful-command': ['flag', 'flag', 'block'],
    'secret-flow': ['flag', 'block', 'block'],
    'answer-text': ['off', 'flag', 'replace'],
  };
  for (const topic of TOPICS) {
    it(`says for ${topic} what users were told`, () => {
      const actions = LEVELS.map((level) => createPolicy(level, NONE, topicOf).of(topic));
      assert.deepEqual(actions, table[topic]);
      for (const action of actions) assert.ok(allowedActions(topic).includes(action));
    });
  }
});

describe('what a user sets', () => {
  it('counts for a rule before its topic, and for a topic before the table', () => {
    const policy = createPolicy('medium', new Map<string, Action>([['command', 'flag'], ['delete-root', 'block']]), topicOf);
    assert.equal(policy.of('command'), 'flag');
    assert.equal(policy.of('command', 'fork-bomb'), 'flag');
    assert.equal(policy.of('command', 'delete-root'), 'block');
    assert.equal(policy.of('injection', 'any'), 'quarantine');
  });

  it('has a topic looked for when one of its rules is switched on alone', () => {
    assert.equal(createPolicy('medium', NONE, topicOf).looksFor('personal'), false);
    const policy = createPolicy('medium', new Map<string, Action>([['email-address', 'redact']]), topicOf);
    assert.equal(policy.looksFor('personal'), true);
    assert.equal(policy.of('personal', 'email-address'), 'redact');
    assert.equal(policy.of('personal', 'phone-number'), 'off');
  });

  it('has a topic that is off not looked for', () => {
    assert.equal(createPolicy('high', new Map<string, Action>([['injection', 'off']]), topicOf).looksFor('injection'), false);
  });
});
