/** The conformance suite against a running target: one PASS, FAIL or LACK line a check, then `N passed, N failed`. */
import { checkGroups } from "./check-groups.ts";
import { parseOptions, type SuiteOptions, USAGE } from "./options.ts";
import { type Outcome, runSuite } from "./suite.ts";

const lineOf = ({ verdict, group, check, reason, milliseconds }: Outcome): string => {
  const time = milliseconds < 1000 ? "" : ` (${(milliseconds / 1000).toFixed(1)} s)`;
  const why = reason === undefined ? "" : `: ${reason.split("\n")[0]}`;
  return `${verdict} ${group}: ${check.name} [${check.clause}]${time}${why}`;
};

const optionsOrUsage = (): SuiteOptions | undefined => {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
};

const main = async (): Promise<number> => {
  const options = optionsOrUsage();
  if (options === undefined) return 2;
  const outcomes = await runSuite(options, checkGroups, (outcome) => console.log(lineOf(outcome)));
  const count = (verdict: Outcome["verdict"]) =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length;
  if (count("LACK") > 0) console.log(`${count("LACK")} lacking`);
  console.log(`${count("PASS")} passed, ${count("FAIL")} failed`);
  return count("FAIL") === 0 && count("PASS") > 0 ? 0 : 1;
};

process.exitCode = await main();
