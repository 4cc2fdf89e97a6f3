/** Which letters follow each other in words, counted over the names and comments of large bodies of code. */

/** The 220 pairs that make nine tenths of such text, where chance would make a third. */
const PAIRS =
  'abacadaeagaialamanaparasatauavbabebiblbobsbucacccechcickclcocrctcudadddedidodrdsdueaebecedeeefegeielemenepeqeresetevexey' +
  'fafefffiflfofugeghgigngrgshahehhhihohriaibicidieifigiliminioipirisitivizkekikslaldlelilllolsltlulymamemimompmsnancndnenf' +
  'ngninnnonsntnunvoaobocodogoiolomonoooporosotouovowpapepiplpoppprpsptpuqurarcrdrerirkrlrmrnrorrrsrtrurvrysascseshsisospss' +
  'stsusytatctethtitltotrtstttutyuaubucueuiulumunupurusutvaveviwawewiwnwowrwsxpxtypze';

const FIRST_LETTER = 0x61;
const LETTERS = 26;
const COMMON = new Uint8Array(LETTERS * LETTERS);
for (let i = 0; i < PAIRS.length; i += 2) COMMON[(PAIRS.charCodeAt(i) - FIRST_LETTER) * LETTERS + PAIRS.charCodeAt(i + 1) - FIRST_LETTER] = 1;

/** Whether two characters, given by their codes, are lower-case letters that words often join. */
export function isCommonPair(one: number, other: number): boolean {
  const first = one - FIRST_LETTER;
  const second = other - FIRST_LETTER;
  return first >= 0 && first < LETTERS && second >= 0 && second < LETTERS && COMMON[first * LETTERS + second] === 1;
}

/** The fours of letters that stand more than 150 times in a megabyte. */
const FOURS =
  'tionselfnameturneturretustrimentportptioringtypetrinfileatiosionnonerrorerroableoptiionsfrommporpathimpoctiotext' +
  'verslassvalulistalueclasreqursioersilineinstformcontthisparscodedatanstawitharseconswordexerlexecommdistintember' +
  'jectentscompequeunctparaokenumbenumbormacalltokestatemenbackfuncnterionaoperuestquesbjecfaulaultdefaefauaramread' +
  'atchitersourourcurcetherobjeenertimespecstancepteratdingsingectielsespacraismplermatatoraisetruepaceattrargsexce' +
  'httpgrouonalxceptyleinfostyltribbuilthatmethribuibutonteancekeywiniteywoyworightchardatestarethoalseroupfalsthod' +
  'pendtartmatcbaseaderresuonstevenauthboolnctiespatingpackgmensulttateindeesulheadscriequicessrectratomoduodulappe' +
  'amesventquiruireteratanctallresoenamicatduleeadevalialidcripctorriptbytestalassedentdireommemmenninglemeirecothe' +
  'catiacheludeoundsigntablenconderncodinclitemncludictefinentiifieproppresistrnodelinkfferateddefiprocressieldhite' +
  'istethonpinguildcachplatwritconfpeciextelocaactickagackacatetreawillwhititesusergeneopenilenstrerentcolotatisize' +
  'ppenrespconntterworkplairitymandndexpasstest';

const FREQUENT = new Set(FOURS.match(/.{4}/g));

/** Whether four lower-case letters stand in very many words. */
export function isFrequentFour(letters: string): boolean {
  return FREQUENT.has(letters);
}
