import { drawsBetween, hash32, noEpoch, permutation, streams } from '../../src/random/index.ts';

/*
 * Twenty classes of spoken digits, as the Spiking Heidelberg Digits have them, said by a synthesiser. Its voices stand
 * in for speakers.
 */

/** Who speaks: a variant of the voices of a synthesiser, with an accent, a pitch and a pace of their own. */
interface Speaker {
  readonly variant: string;
  readonly english: string;
  readonly gender: 'male' | 'female';
  /** 0 to 99. */
  readonly pitch: number;
  /** Words a minute. */
  readonly pace: number;
}

const speaker = (
  variant: string,
  english: string,
  gender: Speaker['gender'],
  pitch: number,
  pace: number,
): Speaker => ({ variant, english, gender, pitch, pace });

/** Twelve, as in SHD. */
export const speakers: readonly Speaker[] = [
  speaker('m1', 'en-us', 'male', 45, 160),
  speaker('f1', 'en-us', 'female', 50, 165),
  speaker('m2', 'en-gb', 'male', 40, 150),
  speaker('f2', 'en-gb', 'female', 55, 160),
  speaker('m3', 'en-gb-x-rp', 'male', 50, 170),
  speaker('f3', 'en-us', 'female', 45, 155),
  speaker('m4', 'en-gb-scotland', 'male', 55, 165),
  speaker('f4', 'en-gb', 'female', 40, 170),
  speaker('m5', 'en-us', 'male', 35, 155),
  speaker('f5', 'en-gb-x-rp', 'female', 60, 150),
  speaker('m7', 'en-gb-x-gbclan', 'male', 50, 160),
  speaker('anika', 'en-us', 'female', 50, 165),
];

/** Of whom no sample is learnt where speakers are held out: those of SHD. */
export const heldOutSpeakers: readonly number[] = [4, 5];

const english = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const german = ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'];

/** The names of the classes, in SHD's order and spelling. */
export const classNames: readonly string[] = [...english, ...german].map((word) => word.replace('ü', 'ue'));

/** Recordings of each word and speaker, and those of them that test. */
const recordingsOfEach = 22;
const testedOfEach = 5;

/** How far a recording is from its speaker's own pitch, and from the pace, in hundredths. */
const [pitchRange, paceRange] = [12, 14];

/** The words for the synthesiser to say. */
export interface Utterance {
  readonly label: number;
  readonly speaker: number;
  readonly recording: number;
  readonly text: string;
  /** The name of a voice with its variant. */
  readonly voice: string;
  readonly pitch: number;
  readonly pace: number;
  /** Of the random nerve that hears it. */
  readonly seed: number;
}

/** All utterances, in the order in which files hold them: first those to train on, then those to test on. */
export function utterances(recordings: number = recordingsOfEach): {
  readonly train: readonly Utterance[];
  readonly test: readonly Utterance[];
} {
  const all = speakers.flatMap((_, who) =>
    classNames.flatMap((_, label) =>
      Array.from({ length: recordings }, (_, recording) => utterance(who, label, recording)),
    ),
  );
  const tested = Math.max(1, Math.floor((recordings * testedOfEach) / recordingsOfEach));
  const shuffled = Array.from(permutation(all.length, datasetSeed, noEpoch), (index) => all[index]).flatMap(
    (one) => one ?? [],
  );
  return {
    train: shuffled.filter(({ recording }) => recording >= tested),
    test: shuffled.filter(({ recording }) => recording < tested),
  };
}

/** Of the order of samples, and of all that differs between recordings. */
const datasetSeed = 20;

function utterance(who: number, label: number, recording: number): Utterance {
  const { variant, english: accent, pitch, pace } = speakers[who] as Speaker;
  const isEnglish = label < english.length;
  const draw = (range: number, what: number): number =>
    drawsBetween(-range, range, datasetSeed, streams.task, who, label, recording)(what);
  return {
    label,
    speaker: who,
    recording,
    text: [...english, ...german][label] ?? '',
    voice: `${isEnglish ? accent : 'de'}+${variant}`,
    pitch: Math.min(99, Math.max(0, pitch + draw(pitchRange, 0))),
    pace: Math.round(pace * (1 + draw(paceRange, 1) / 100)),
    seed: hash32(datasetSeed, streams.noise, who, label, recording),
  };
}
