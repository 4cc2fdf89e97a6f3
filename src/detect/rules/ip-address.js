/** Which numbers with dots, and which groups with colons, are the address of some machine. */
/** First octets at which a number is more likely an address than a version. */
const UNLIKELY_VERSION = 100;
/**
 * Whether an IPv4 address names a machine that somebody may want hidden: not loopback, unspecified, a mask, multicast
 * or link-local. Four small numbers are a version unless the words before speak of an address.
 *
 * @param named whether words before the number say that it is an address
 */
export function isPublicIpv4(text, named) {
    const octets = text.split('.').map(Number);
    const [first = 0, second = 0, third = 0, fourth = 0] = octets;
    if (first === 0 || first === 127 || first >= 224 || (first === 169 && second === 254))
        return false;
    if (named)
        return true;
    if (first < 10)
        return second >= UNLIKELY_VERSION || third >= UNLIKELY_VERSION;
    return first >= UNLIKELY_VERSION || second >= UNLIKELY_VERSION || third >= UNLIKELY_VERSION || (fourth >= 10 && first === 10);
}
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
/** Whether a text is an IPv6 address (RFC 4291 section 2.2) of at least three groups, neither a time nor a prefix alone. */
export function isIpv6(text) {
    const halves = text.split('::');
    if (halves.length > 2)
        return false;
    const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
    if (!groups.every((group) => GROUP.test(group)) || groups.length < 3)
        return false;
    return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}
