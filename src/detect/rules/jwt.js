const PAGE = 'https://www.rfc-editor.org/rfc/rfc7519';
/** Characters of a token at most; those of identity providers with many groups reach eight thousand. */
const WINDOW_CHARS = 16_000;
/** Whether the first part is a JOSE header: an object that names an algorithm or a type. */
function hasHeader(token) {
    const header = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8');
    return header.startsWith('{') && /"(?:alg|typ|enc|kid|cty)"/.test(header);
}
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKEN = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1234567890', name: 'A. Reader', iat: 1516239022 })}.Kx8Qm2Zt5Yv7Bn1Rc4Dw6Fs9Gh0Jl3Pu8Ei2Oa5Tq7U`;
export const JWT_RULES = [
    {
        id: 'jwt',
        kind: 'jwt',
        class: 'credential',
        keywords: ['eyJ'],
        window: WINDOW_CHARS,
        pattern: /eyJ[A-Za-z0-9_-]{10,2048}\.[A-Za-z0-9_-]{0,12000}\.[A-Za-z0-9_-]{0,2048}(?:\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{10,200})?(?![A-Za-z0-9_-])/y,
        check: (token) => token.length >= 40 && hasHeader(token),
        page: PAGE,
        matches: [TOKEN, `Authorization: Bearer ${TOKEN}`, `token=${TOKEN}`],
        ignores: ['eyJhbGciOiJIUzI1NiJ9', 'eyJ.eyJ.abc', `${part({ version: 3, sources: ['a.ts'] })}.map.js`],
    },
    {
        id: 'jwt-base64',
        kind: 'jwt',
        class: 'credential',
        keywords: ['ZXlK'],
        window: WINDOW_CHARS,
        pattern: /ZXlK[A-Za-z0-9+/_-]{50,15000}={0,2}(?![A-Za-z0-9+/_=-])/y,
        check: (encoded) => {
            const token = Buffer.from(encoded, 'base64').toString('latin1').trim();
            return /^eyJ[\w-]+\.[\w-]*\.[\w-]*/.test(token) && hasHeader(token);
        },
        page: PAGE,
        matches: [Buffer.from(TOKEN).toString('base64')],
        ignores: [Buffer.from('eyJ is how a token begins, and this is a sentence about it.').toString('base64')],
    },
];
