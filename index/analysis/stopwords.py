"""Words that ask or connect but name nothing: they carry no lexical evidence."""

_ENGLISH = """
a about after all also am an and any are as at be been before being but by can could describe did
do does during each explain for from give had has have having he her his how i if in into is it
its itself list many may might more most much must my name no not of on one or other our over
please shall she should so some such tell than that the their them then there these they this
those through to under until up upon was we were what when where whether which while who whom
whose why will with within would you your
"""
_RUSSIAN = """
а без более больше будет будут был была были было быть в вам вас весь во вот все всего всех вы где
да даже для до его ее ей ему если есть еще же за здесь и из или им ими их к как какая какие каким
какими каких каков какова каковы какого какое какой каком какому какую ко когда кого кому которая
которого которое которой которые который которым которых кто куда ли либо между меня мне много
могут может можно мы на над надо назовите нас не него нее ней нет ни них но ну о об однако он она
они оно опишите от откуда перечислите по под подскажите после потому почему поясните при про
расскажите с сам сами своего своей своих свой себя сколько со так такая также такие такой там те
тем теми то того той только том тот у уже укажите чего чей чем через что чтобы чье чья эта эти
этих это этого этой этом этому этот эту я является являются
"""

STOPWORDS = frozenset((_ENGLISH + _RUSSIAN).split())
