// Seeded randomness: a failing run prints its seed, and SEED=<number> repeats it.
/** mulberry32: small, fast, and good enough to choose cuts with. */
export function seededRandom(seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))) {
    let state = seed >>> 0;
    return {
        seed,
        random() {
            state = (state + 0x6d2b79f5) >>> 0;
            let mixed = Math.imul(state ^ (state >>> 15), state | 1);
            mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
            return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
        },
    };
}
