public import Drawing

/// Terminal descriptions that need no file on the host: ncurses accepts a compiled entry in place of a path in the
/// variable `TERMINFO`, with the prefix `b64:`.
///
/// They hold only what terminals like xterm share, so that tmux, GNU screen, PuTTY and unknown ones are safe: no
/// background colour erase, no repeated characters, no reset strings. Mouse reports are absent because
/// ``KeyDecoder`` reads them itself, in the same way for every entry.
///
/// Compiled from the source below (`entries.ti`) with ncurses 6.4:
/// `tic -x -o db entries.ti && infocmp -A db -Q2 -q -x NAME`, line breaks removed.
///
/// ```
/// boundaryscope-8|xterm and what behaves like it; 8 colours,
///   am, km, mir, msgr, npc, xenl, AX,
///   colors#8, pairs#0x1000, cols#80, it#8, lines#24,
///   acsc=``aaffggiijjkkllmmnnooppqqrrssttuuvvwwxxyyzz{{||}}~~,
///   bel=^G, bold=\E[1m, dim=\E[2m, rev=\E[7m, smul=\E[4m, rmul=\E[24m, smso=\E[7m, rmso=\E[27m,
///   sgr0=\E(B\E[m, smacs=\E(0, rmacs=\E(B,
///   sgr=%?%p9%t\E(0%e\E(B%;\E[0%?%p6%t;1%;%?%p5%t;2%;%?%p2%t;4%;%?%p1%p3%|%t;7%;m,
///   clear=\E[H\E[2J, ed=\E[J, el=\E[K, el1=\E[1K, ech=\E[%p1%dX,
///   cr=\r, cub1=^H, cud1=\n, cuf1=\E[C, cuu1=\E[A, ind=\n, ri=\EM, home=\E[H, ht=^I,
///   cub=\E[%p1%dD, cud=\E[%p1%dB, cuf=\E[%p1%dC, cuu=\E[%p1%dA,
///   cup=\E[%i%p1%d;%p2%dH, hpa=\E[%i%p1%dG, vpa=\E[%i%p1%dd,
///   civis=\E[?25l, cnorm=\E[?25h, smcup=\E[?1049h, rmcup=\E[?1049l,
///   smkx=\E[?1h\E=, rmkx=\E[?1l\E>,
///   op=\E[39;49m, setaf=\E[3%p1%dm, setab=\E[4%p1%dm,
///   kcuu1=\EOA, kcud1=\EOB, kcuf1=\EOC, kcub1=\EOD, khome=\EOH, kend=\EOF,
///   kich1=\E[2~, kdch1=\E[3~, kpp=\E[5~, knp=\E[6~, kbs=^?, kcbt=\E[Z,
///   kf1=\EOP, kf2=\EOQ, kf3=\EOR, kf4=\EOS, kf5=\E[15~, kf6=\E[17~, kf7=\E[18~, kf8=\E[19~,
///   kf9=\E[20~, kf10=\E[21~, kf11=\E[23~, kf12=\E[24~,
/// boundaryscope-16|the same with 16 colours,
///   colors#16,
///   setaf=\E[%?%p1%{8}%<%t3%p1%d%e9%p1%{8}%-%d%;m,
///   setab=\E[%?%p1%{8}%<%t4%p1%d%e10%p1%{8}%-%d%;m,
///   use=boundaryscope-8,
/// boundaryscope-256|the same with 256 colours,
///   colors#256, pairs#0x10000,
///   setaf=\E[%?%p1%{8}%<%t3%p1%d%e%p1%{16}%<%t9%p1%{8}%-%d%e38;5;%p1%d%;m,
///   setab=\E[%?%p1%{8}%<%t4%p1%d%e%p1%{16}%<%t10%p1%{8}%-%d%e48;5;%p1%d%;m,
///   use=boundaryscope-8,
/// boundaryscope-direct|the same with 24-bit colours; below 256 the palette's,
///   RGB, colors#0x1000000, pairs#0x10000,
///   setaf=\E[%?%p1%{8}%<%t3%p1%d%e%p1%{256}%<%t38;5;%p1%d%e38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
///   setab=\E[%?%p1%{8}%<%t4%p1%d%e%p1%{256}%<%t48;5;%p1%d%e48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
///   use=boundaryscope-8,
/// ```
public enum EmbeddedTerminfo: String, Hashable, Sendable, CaseIterable {
  case ansi8 = "boundaryscope-8"
  case ansi16 = "boundaryscope-16"
  case indexed = "boundaryscope-256"
  case direct = "boundaryscope-direct"

  /// The entry that has a level's colours.
  public init(_ level: Appearance.ColorLevel) {
    switch level {
    case .none, .ansi8: self = .ansi8
    case .ansi16: self = .ansi16
    case .indexed: self = .indexed
    case .direct: self = .direct
    }
  }

  /// The value for the variable `TERMINFO`.
  var variable: String {
    switch self {
    case .ansi8: Self.eight
    case .ansi16: Self.sixteen
    case .indexed: Self.indexedColors
    case .direct: Self.directColors
    }
  }

  private static let eight = """
    b64:GgE6ABoADwBpAfMBYm91bmRhcnlzY29wZS04fHh0ZXJtIGFuZCB3aGF0IGJlaGF2ZXMgbGlrZSBpdDsgOCBjb2xvdXJzAAABAAAB\
    AAAAAQAAAAABAQAAAAAAAAAAAAABUAAIABgA__________________________8IAAAQ__8AAAIA_____wQADAAQABQA__8fADAAMgA2\
    AD0A__8_AEYA__9KAP____________9OAP__UgBXAP__YAD_______9lAGoAbwB0AH0AgQCIAP____-RAJcA____________________\
    ______-dAP_______58A__-kAP__________qACsALIAtgC6AL4AxADKANAA1gDcAOAA___lAP__6QDuAPMA________9wD7AAMB____\
    _________________________________________wsB________FAEdAf__JgH_______________________________8vAf__OgE8\
    AT8B_____4YB_____________________________4gB__-9Af_______________________________________8EB____________\
    ________________________________________________________________________________________________________\
    ____________________xQHLAf______________________________________________________________________________\
    _________________________________________________________9EB____________________________________________\
    ____________________________1gH_________________________________________________________________________\
    _________________________________________________________________________________________98B6QEHAA0AG1tI\
    G1sySgAbW0sAG1tKABtbJWklcDElZEcAG1slaSVwMSVkOyVwMiVkSAAKABtbSAAbWz8yNWwACAAbWz8yNWgAG1tDABtbQQAbKDAAG1sx\
    bQAbWz8xMDQ5aAAbWzJtABtbN20AG1s3bQAbWzRtABtbJXAxJWRYABsoQgAbKEIbW20AG1s_MTA0OWwAG1syN20AG1syNG0AfwAbWzN-\
    ABtPQgAbT1AAG1syMX4AG09RABtPUgAbT1MAG1sxNX4AG1sxN34AG1sxOH4AG1sxOX4AG1syMH4AG09IABtbMn4AG09EABtbNn4AG1s1\
    fgAbT0MAG09BABtbPzFsGz4AG1s_MWgbPQAbWyVwMSVkQgAbWyVwMSVkRAAbWyVwMSVkQwAbWyVwMSVkQQAbWyVpJXAxJWRkAAoAG00A\
    JT8lcDkldBsoMCVlGyhCJTsbWzAlPyVwNiV0OzElOyU_JXA1JXQ7MiU7JT8lcDIldDs0JTslPyVwMSVwMyV8JXQ7NyU7bQAJAGBgYWFm\
    ZmdnaWlqamtrbGxtbW5ub29wcHFxcnJzc3R0dXV2dnd3eHh5eXp6e3t8fH19fn4AG1taABtPRgAbWzIzfgAbWzI0fgAbWzFLABtbMzk7\
    NDltABtbMyVwMSVkbQAbWzQlcDElZG0AAAEAAAAAAAEAAwABAAAAQVgA
    """
  private static let sixteen = """
    b64:GgEqABoADwBpAS4CYm91bmRhcnlzY29wZS0xNnx0aGUgc2FtZSB3aXRoIDE2IGNvbG91cnMAAAEAAAEAAAABAAAAAAEBAAAAAAAA\
    AAAAAAFQAAgAGAD__________________________xAAABD__wAAAgD_____BAAMABAAFAD__x8AMAAyADYAPQD__z8ARgD__0oA____\
    _________04A__9SAFcA__9gAP_______2UAagBvAHQAfQCBAIgA_____5EAlwD__________________________50A________nwD_\
    _6QA__________-oAKwAsgC2ALoAvgDEAMoA0ADWANwA4AD__-UA___pAO4A8wD________3APsAAwH_________________________\
    ____________________CwH_______8UAR0B__8mAf_______________________________y8B__86ATwBPwH_____hgH_________\
    ____________________iAH__70B________________________________________wQH_________________________________\
    _______________________________________________________________________________________________________F\
    AcsB____________________________________________________________________________________________________\
    ____________________________________0QH_________________________________________________________________\
    _______WAf______________________________________________________________________________________________\
    ____________________________________________________________________3wEGAgcADQAbW0gbWzJKABtbSwAbW0oAG1sl\
    aSVwMSVkRwAbWyVpJXAxJWQ7JXAyJWRIAAoAG1tIABtbPzI1bAAIABtbPzI1aAAbW0MAG1tBABsoMAAbWzFtABtbPzEwNDloABtbMm0A\
    G1s3bQAbWzdtABtbNG0AG1slcDElZFgAGyhCABsoQhtbbQAbWz8xMDQ5bAAbWzI3bQAbWzI0bQB_ABtbM34AG09CABtPUAAbWzIxfgAb\
    T1EAG09SABtPUwAbWzE1fgAbWzE3fgAbWzE4fgAbWzE5fgAbWzIwfgAbT0gAG1syfgAbT0QAG1s2fgAbWzV-ABtPQwAbT0EAG1s_MWwb\
    PgAbWz8xaBs9ABtbJXAxJWRCABtbJXAxJWREABtbJXAxJWRDABtbJXAxJWRBABtbJWklcDElZGQACgAbTQAlPyVwOSV0GygwJWUbKEIl\
    OxtbMCU_JXA2JXQ7MSU7JT8lcDUldDsyJTslPyVwMiV0OzQlOyU_JXAxJXAzJXwldDs3JTttAAkAYGBhYWZmZ2dpaWpqa2tsbG1tbm5v\
    b3BwcXFycnNzdHR1dXZ2d3d4eHl5enp7e3x8fX1-fgAbW1oAG09GABtbMjN-ABtbMjR-ABtbMUsAG1szOTs0OW0AG1slPyVwMSV7OH0l\
    PCV0MyVwMSVkJWU5JXAxJXs4fSUtJWQlO20AG1slPyVwMSV7OH0lPCV0NCVwMSVkJWUxMCVwMSV7OH0lLSVkJTttAAEAAAAAAAEAAwAB\
    AAAAQVgA
    """
  private static let indexedColors = """
    b64:HgIsABoADwBpAV4CYm91bmRhcnlzY29wZS0yNTZ8dGhlIHNhbWUgd2l0aCAyNTYgY29sb3VycwAAAQAAAQAAAAEAAAAAAQEAAAAA\
    AAAAAAAAAVAAAAAIAAAAGAAAAP____________________________________________________8AAQAAAAABAP__AAACAP____8E\
    AAwAEAAUAP__HwAwADIANgA9AP__PwBGAP__SgD_____________TgD__1IAVwD__2AA________ZQBqAG8AdAB9AIEAiAD_____kQCX\
    AP__________________________nQD_______-fAP__pAD__________6gArACyALYAugC-AMQAygDQANYA3ADgAP__5QD__-kA7gDz\
    AP________cA-wADAf____________________________________________8LAf_______xQBHQH__yYB____________________\
    ____________LwH__zoBPAE_Af____-GAf____________________________-IAf__vQH_________________________________\
    _______BAf______________________________________________________________________________________________\
    _________________________________________8UBywH_________________________________________________________\
    _______________________________________________________________________________RAf______________________\
    _________________________________________________9YB____________________________________________________\
    ________________________________________________________________________________________________________\
    _______fAR4CBwANABtbSBtbMkoAG1tLABtbSgAbWyVpJXAxJWRHABtbJWklcDElZDslcDIlZEgACgAbW0gAG1s_MjVsAAgAG1s_MjVo\
    ABtbQwAbW0EAGygwABtbMW0AG1s_MTA0OWgAG1sybQAbWzdtABtbN20AG1s0bQAbWyVwMSVkWAAbKEIAGyhCG1ttABtbPzEwNDlsABtb\
    MjdtABtbMjRtAH8AG1szfgAbT0IAG09QABtbMjF-ABtPUQAbT1IAG09TABtbMTV-ABtbMTd-ABtbMTh-ABtbMTl-ABtbMjB-ABtPSAAb\
    WzJ-ABtPRAAbWzZ-ABtbNX4AG09DABtPQQAbWz8xbBs-ABtbPzFoGz0AG1slcDElZEIAG1slcDElZEQAG1slcDElZEMAG1slcDElZEEA\
    G1slaSVwMSVkZAAKABtNACU_JXA5JXQbKDAlZRsoQiU7G1swJT8lcDYldDsxJTslPyVwNSV0OzIlOyU_JXAyJXQ7NCU7JT8lcDElcDMl\
    fCV0OzclO20ACQBgYGFhZmZnZ2lpampra2xsbW1ubm9vcHBxcXJyc3N0dHV1dnZ3d3h4eXl6ent7fHx9fX5-ABtbWgAbT0YAG1syM34A\
    G1syNH4AG1sxSwAbWzM5OzQ5bQAbWyU_JXAxJXs4fSU8JXQzJXAxJWQlZSVwMSV7MTZ9JTwldDklcDElezh9JS0lZCVlMzg7NTslcDEl\
    ZCU7bQAbWyU_JXAxJXs4fSU8JXQ0JXAxJWQlZSVwMSV7MTZ9JTwldDEwJXAxJXs4fSUtJWQlZTQ4OzU7JXAxJWQlO20AAQAAAAAAAQAD\
    AAEAAABBWAA=
    """
  private static let directColors = """
    b64:HgJLABoADwBpAbcCYm91bmRhcnlzY29wZS1kaXJlY3R8dGhlIHNhbWUgd2l0aCAyNC1iaXQgY29sb3VyczsgYmVsb3cgMjU2IHRo\
    ZSBwYWxldHRlJ3MAAAEAAAEAAAABAAAAAAEBAAAAAAAAAAAAAAEAUAAAAAgAAAAYAAAA____________________________________\
    _________________wAAAAEAAAEA__8AAAIA_____wQADAAQABQA__8fADAAMgA2AD0A__8_AEYA__9KAP____________9OAP__UgBX\
    AP__YAD_______9lAGoAbwB0AH0AgQCIAP____-RAJcA__________________________-dAP_______58A__-kAP__________qACs\
    ALIAtgC6AL4AxADKANAA1gDcAOAA___lAP__6QDuAPMA________9wD7AAMB____________________________________________\
    _wsB________FAEdAf__JgH_______________________________8vAf__OgE8AT8B_____4YB____________________________\
    _4gB__-9Af_______________________________________8EB____________________________________________________\
    ____________________________________________________________________________________xQHLAf______________\
    ________________________________________________________________________________________________________\
    _________________9EB________________________________________________________________________1gH_________\
    ________________________________________________________________________________________________________\
    _________________________________________________98BSwIHAA0AG1tIG1sySgAbW0sAG1tKABtbJWklcDElZEcAG1slaSVw\
    MSVkOyVwMiVkSAAKABtbSAAbWz8yNWwACAAbWz8yNWgAG1tDABtbQQAbKDAAG1sxbQAbWz8xMDQ5aAAbWzJtABtbN20AG1s3bQAbWzRt\
    ABtbJXAxJWRYABsoQgAbKEIbW20AG1s_MTA0OWwAG1syN20AG1syNG0AfwAbWzN-ABtPQgAbT1AAG1syMX4AG09RABtPUgAbT1MAG1sx\
    NX4AG1sxN34AG1sxOH4AG1sxOX4AG1syMH4AG09IABtbMn4AG09EABtbNn4AG1s1fgAbT0MAG09BABtbPzFsGz4AG1s_MWgbPQAbWyVw\
    MSVkQgAbWyVwMSVkRAAbWyVwMSVkQwAbWyVwMSVkQQAbWyVpJXAxJWRkAAoAG00AJT8lcDkldBsoMCVlGyhCJTsbWzAlPyVwNiV0OzEl\
    OyU_JXA1JXQ7MiU7JT8lcDIldDs0JTslPyVwMSVwMyV8JXQ7NyU7bQAJAGBgYWFmZmdnaWlqamtrbGxtbW5ub29wcHFxcnJzc3R0dXV2\
    dnd3eHh5eXp6e3t8fH19fn4AG1taABtPRgAbWzIzfgAbWzI0fgAbWzFLABtbMzk7NDltABtbJT8lcDElezh9JTwldDMlcDElZCVlJXAx\
    JXsyNTZ9JTwldDM4OzU7JXAxJWQlZTM4OzI7JXAxJXs2NTUzNn0lLyVkOyVwMSV7MjU2fSUvJXsyNTV9JSYlZDslcDElezI1NX0lJiVk\
    JTttABtbJT8lcDElezh9JTwldDQlcDElZCVlJXAxJXsyNTZ9JTwldDQ4OzU7JXAxJWQlZTQ4OzI7JXAxJXs2NTUzNn0lLyVkOyVwMSV7\
    MjU2fSUvJXsyNTV9JSYlZDslcDElezI1NX0lJiVkJTttAAACAAAAAAACAAcAAQEAAAMAQVgAUkdCAA==
    """
}
