import { dictionary } from "../i18n/language";

/** Words on sessions that end, accounts that change, and passwords of one's own. */
export const useSessionText = dictionary({
  zh: {
    ended: "会话已结束，请重新登录",
    ended_hint:
      "长时间未操作，或账号、密码、辖区有变动时，会话自动结束。登录后，页面上已填写的内容仍在，刚才未完成的操作继续进行。",
    by_oidc: "在新标签页登录",
    by_oidc_hint: "请用同一账号登录，完成后回到本页。",
    give_up: "放弃未保存的内容并退出",
    another: "本浏览器已换用其他账号",
    another_hint: (now: string, mine: string) =>
      `现在登录的是 ${now}，而本页是 ${mine} 打开的。为避免以他人名义办理业务，本页已停止操作。`,
    reload: (now: string) => `以 ${now} 重新载入`,
    elsewhere: "登录成功",
    elsewhere_hint: "请回到原来的页面继续办理，本页可以关闭。",
    first: "请设置您自己的密码",
    first_hint: "现在的密码由管理员设置，只用于这一次登录。设置自己的密码后才能继续。",
    now: "当前密码",
    wanted: "新密码",
    repeated: "再次输入新密码",
    rule: "不少于 12 个字符，不含用户名，不用常见密码和连续字符；不要求混用大小写、数字、符号。",
    needed: "请填写",
    short: "不少于 12 个字符",
    differs: "两次输入的新密码不一致",
    wrong: "当前密码不正确",
    weak: "新密码容易被猜中，或与当前密码相同，请换一个",
    done: "密码已修改，该账号的其他会话已退出",
  },
  en: {
    ended: "Your session has ended: log in again",
    ended_hint:
      "A session ends when nothing is done for long, or when the account, its password or its area is changed. Once you are logged in, what you filled in is still here, and what you had begun goes on.",
    by_oidc: "Log in in a new tab",
    by_oidc_hint: "Log in with the same account, then come back to this page.",
    give_up: "Give up what is not saved and leave",
    another: "Another account is logged in in this browser",
    another_hint: (now: string, mine: string) =>
      `${now} is logged in now, and ${mine} opened this page. It has stopped, so that nothing is done in another's name.`,
    reload: (now: string) => `Load anew as ${now}`,
    elsewhere: "You are logged in",
    elsewhere_hint: "Go back to the page you came from; this one can be closed.",
    first: "Choose a password of your own",
    first_hint:
      "The one you have was given by an administrator, for this login only. Choose your own to go on.",
    now: "Password of now",
    wanted: "New password",
    repeated: "New password again",
    rule: "At least 12 characters, without your user name, no common password or sequence; no mix of letters, figures and signs is asked for.",
    needed: "Fill this in",
    short: "At least 12 characters",
    differs: "The two are not the same",
    wrong: "That is not your password of now",
    weak: "The new password is easily guessed, or the same as before: choose another",
    done: "The password is changed; other sessions of the account are over",
  },
});
