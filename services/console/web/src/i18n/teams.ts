import { dictionary } from "./language";

/** What had to bend for a team of inspectors to be found. */
export const useTeamWords = dictionary({
  zh: {
    neighbouring_area: "由相邻辖区支援",
    no_specialist: "无所需专业人员",
    same_team_as_last_time: "与上次检查人员相同",
    too_few_inspectors: "检查人员不足",
  },
  en: {
    neighbouring_area: "help from neighbouring areas",
    no_specialist: "nobody with the specialty",
    same_team_as_last_time: "same team as last time",
    too_few_inspectors: "too few inspectors",
  },
});
