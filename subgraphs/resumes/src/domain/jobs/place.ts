/** Where somebody is, or a job: as much of it as is known. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  /** By its usual name in lower case: 杭州 and Hangzhou are one. */
  readonly city: string | null;
}

/** Usual name, other names; by country. */
const CITIES: Readonly<Record<string, string>> = {
  CN: `beijing=北京,peking; shanghai=上海; guangzhou=广州,canton; shenzhen=深圳; hangzhou=杭州; nanjing=南京; chengdu=成都; wuhan=武汉; xi'an=西安,xian; suzhou=苏州;
    tianjin=天津; chongqing=重庆; changsha=长沙; zhengzhou=郑州; qingdao=青岛; xiamen=厦门; hefei=合肥; dalian=大连; ningbo=宁波; jinan=济南; fuzhou=福州; dongguan=东莞;
    foshan=佛山; wuxi=无锡; zhuhai=珠海; shenyang=沈阳; harbin=哈尔滨; kunming=昆明; guiyang=贵阳; nanchang=南昌; changchun=长春`,
  HK: 'hong kong=香港,hongkong',
  TW: 'taipei=台北',
  SG: 'singapore=新加坡',
  JP: 'tokyo=东京; osaka=大阪',
  KR: 'seoul=首尔',
  DE: 'berlin=柏林; munich=münchen,慕尼黑; hamburg=汉堡; frankfurt=法兰克福',
  GB: 'london=伦敦; manchester',
  FR: 'paris=巴黎',
  US: 'new york=纽约,new york city,nyc; san francisco=旧金山; seattle=西雅图; boston=波士顿; austin; chicago=芝加哥; los angeles=洛杉矶',
  CA: 'toronto=多伦多; vancouver=温哥华',
  AU: 'sydney=悉尼; melbourne=墨尔本',
  IN: 'bangalore=bengaluru,班加罗尔; mumbai=孟买; delhi=new delhi,德里',
};
const COUNTRIES: Readonly<Record<string, readonly string[]>> = {
  CN: ['china', '中国', 'prc'],
  HK: ['hong kong', '香港'],
  TW: ['taiwan', '台湾'],
  SG: ['singapore', '新加坡'],
  JP: ['japan', '日本'],
  KR: ['korea', 'south korea', '韩国'],
  DE: ['germany', 'deutschland', '德国'],
  GB: ['united kingdom', 'uk', 'england', '英国'],
  FR: ['france', '法国'],
  US: ['united states', 'usa', 'u.s.', '美国'],
  CA: ['canada', '加拿大'],
  AU: ['australia', '澳大利亚'],
  IN: ['india', '印度'],
};

const known = new Map<string, { readonly city: string; readonly country: string }>();
for (const [country, text] of Object.entries(CITIES))
  for (const entry of text.split(';')) {
    const [city = '', others = ''] = entry.trim().split('=');
    for (const name of [city, ...others.split(',')]) if (name !== '') known.set(name.trim(), { city, country });
  }

const usual = new Set([...known.values()].map(({ city }) => city));
/** States of the USA as well: they name a country beside one of its cities only. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['ca', 'de', 'in']);
const NO_CITY = /^(?:remote|anywhere|worldwide|远程|不限|全国)/u;

/** What a person writes of where they are: `Berlin, DE`, 现居杭州, 北京市海淀区. A city that nobody knows is what stands before the first comma. */
export function placeIn(text: string): Place {
  const parts = normal(text)
    .split(/[,，/|;；·()（）]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const country = parts.map((part) => countryNamed(part)).findLast((one) => one !== null) ?? null;
  for (const part of parts) {
    const city = cityNamed(part);
    // Paris, Texas: who names another country means another city.
    if (city && (country === null || country === city.country)) return city;
  }
  const [first] = parts;
  return { country, city: first === undefined || NO_CITY.test(first) || countryNamed(first) !== null ? null : first };
}

/** A place as a job names it, its city by the usual name. */
export function placeOf({ country, city }: Place): Place {
  if (city === null) return { country, city };
  const found = cityNamed(normal(city));
  return found && (country === null || country === found.country) ? found : { country, city: normal(city) };
}

/**
 * Whether two places are one; undefined where what is known of them does not say it: a country alone is no answer to a city, and two names of
 * cities that nobody knows may be one city.
 */
export function isSamePlace(a: Place, b: Place): boolean | undefined {
  if (a.country !== null && b.country !== null && a.country !== b.country) return false;
  if (a.city === null || b.city === null) return a.city === b.city && a.country !== null && a.country === b.country ? true : undefined;
  if (a.city === b.city) return true;
  return usual.has(a.city) && usual.has(b.city) ? false : undefined;
}

/** Whether a place is in another one: that city, or anywhere in that country. One of which too little is known is not. */
export function isWithin(place: Place, area: Place): boolean {
  if (area.country !== null && place.country !== area.country) return false;
  return area.city === null || place.city === area.city;
}

function countryNamed(part: string): string | null {
  const found = Object.entries(COUNTRIES).find(
    ([code, names]) => names.includes(part) || (part === code.toLowerCase() && !AMBIGUOUS.has(part)),
  );
  return found?.[0] ?? null;
}

/** Chinese writes a district after its city, and 现居 before it. */
function cityNamed(part: string): { readonly city: string; readonly country: string } | undefined {
  const whole = known.get(part);
  if (whole || !/\p{Script=Han}/u.test(part)) return whole;
  const name = [...known.keys()].find((one) => /^\p{Script=Han}/u.test(one) && part.includes(one));
  return name === undefined ? undefined : known.get(name);
}

const normal = (text: string): string => text.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
