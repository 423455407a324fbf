"""Pages that the project wrote itself, each a naive dump with another site's kind of mess."""

HARBOUR = """ホーム > 国際
本文へスキップ

甲国、北港の警備に掃海艇三隻を派遣へ 首相が表明

2030年4月5日(金)10時30分
山田青葉

<首相は会見で、任務は一年に限ると述べた。乙国は歓迎し、丙国は自国の海だと反発している>

甲国の首相は5日、乙国の北港を守るために掃海艇三隻を送ると述べた。「海を安全にする。長くはいない。」と語った。

港を出る掃海艇=5日、甲国・南港(青空通信提供)

任務の中身

首相によると、任務は次の三つだ。

  • 機雷を見つけて除く
  • 商船に付き添う
  • 乙国の乗員を訓練する

乙国の外相は決定を歓迎した。一方、丙国の報道官は「我々の海に他国の船は要らない」と述べ、反対した。

この記事をシェアする
Facebook
URLをコピーしました

関連記事
  • 北港とはどんな港か
  • 掃海艇ができるまで

アクセスランキング
  • 1
    週末の天気はどうなる
  • 2
    新しい橋の名前が決まる
  • 3
    図書館が夜も開くことに

© 青空新聞社 無断転載を禁じます
"""

RAILWAY = """速報
経済

丁連盟、山岳鉄道の再建に融資を検討

丁連盟は9日、乙国の山岳鉄道を直すための融資を検討していると発表した。額はまだ決まっていない。

加盟国のうち四か国は前向きだが、甲国は「財源が先だ」として慎重な姿勢を示している。

参考文献:

  • 丁連盟発表資料
"""

SCHOOL = """乙国の学校、再び始まる
乙国の学校、再び始まる
乙国では7日、二年ぶりに学校が始まった。教育省によると、生徒のおよそ八割が教室に戻ったという。
子どもたちの声
「友だちに会えてうれしい」と十歳の生徒は話した。先生は「教科書が足りない」と述べている。
- 教科書は半分しかない
- 暖房はまだ動かない
- 給食は来月から始まる
教育省は、冬までに暖房を直すと約束した。
Reference(s):
Schools open again
aozora.example
"""

ARTICLES = {"harbour": HARBOUR, "railway": RAILWAY, "school": SCHOOL}

# Texts in which counting code points is easily confused with counting something else.
HOSTILE = {
    "emoji": "🇯🇵と👩‍👩‍👧‍👦が🙂と言う",
    "beyond the BMP": "𠮟る𩸽と𠮷野家",
    "variation sequences": "葛\U000e0100城市と辻\U000e0101さん、☂\ufe0f",
    "combining marks": "か\u3099き\u309ae\u0301ハ\uff9e",
    "CRLF": "一行目\r\n二行目\r\n\r\n四行目\r",
    "leading spaces": "   \n\n\u3000字下げの段落  ",
    "no-break spaces": "10\u00a0月\u00a0\u202f末\u2003頃",
    "line separators": "前\u2028後\u0085次\u000b終",
    "marks": "\ufeff先頭\u200b零幅\u200e向き\u202e反転",
    "markup": "<b>太字</b> &amp; \"引用\" 'x' {{text}} $text",
}
