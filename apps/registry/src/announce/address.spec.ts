import { describe, expect, it } from '@jest/globals';
import { isOffLimits, parseAddress } from './address.js';

describe('parseAddress', () => {
  it.each([
    ['127.0.0.1:80', '127.0.0.1', 80],
    ['localhost:65535', 'localhost', 65_535],
    ['blog_1.platform.svc:8080', 'blog_1.platform.svc', 8_080],
    ['[::1]:443', '::1', 443],
    ['[fd00::12]:1', 'fd00::12', 1],
  ])('takes %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });

  it.each([
    ...['', 'blog', ':80', 'blog:', 'blog:0', 'blog:65536', 'blog:http', 'blog:80:80', '::1:80', '[::1]', '[blog]:80'],
    ...[
      'http://blog:80',
      'unix:/tmp/socket',
      'blog:80/path',
      'user@blog:80',
      'a b:80',
      '-blog:80',
      '1.2.3:80',
      '300.1.1.1:80',
    ],
    ...['blog:80\n', `${'x'.repeat(300)}:80`, '[fe80::1%eth0]:80'],
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('knows the addresses where clouds keep what is not ours', () => {
    const inAnyNotation = ['::ffff:169.254.1.1', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:a9fe:1', '64:ff9b::a9fe:a9fe'];
    const others = ['169.254.169.254', 'fe80::1', 'FEBF::1', 'fe80::1%eth0', 'fd00:ec2::254'];
    expect([...inAnyNotation, ...others].filter((ip) => !isOffLimits(ip))).toEqual([]);
    expect(['127.0.0.1', '10.0.0.1', '::1', 'fd00::1', '169.25.4.1'].some(isOffLimits)).toBe(false);
  });
});
