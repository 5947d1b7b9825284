/** Whether this is the thorough run, `npm run test:thorough`, and not the quick one, `npm test`. */
export const thorough = process.env.PLASTICORE_TESTS === 'all';

/** What a test takes in the thorough run, and what it takes in the quick one: a number of seeds, a list of cases. */
export const inThorough = <T>(all: T, quick: T): T => (thorough ? all : quick);
