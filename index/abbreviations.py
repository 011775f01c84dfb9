"""Abbreviations after which a full stop does not, or need not, end a sentence."""


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


# Never the last word: a name, a number or a place follows ("Mr. Smith", "см. гл. 2").
TITLES = _words(
    """mr mrs ms dr prof st sr messrs hon rev gen col capt lt sgt gov sen rep pres amb eng mme
    cf e.g i.e viz vs v ca approx incl esp resp dept intl
    г-н г-жа гг-н гр проф акад доц д-р канд им см ср напр англ нем фр франц лат кит каз рус тур
    т.е т.н т.к т.о т.ч яз соотв приблиз ок"""
)

# Not the last word when a number follows ("No. 2", "Art. 5", "ст. 218", "п. 3").
NUMBERED = _words(
    """no nos art arts rec recs sec secs sect para paras par p pp vol vols fig figs tab ch chap cl
    ex app ann reg regs res doc ref eq pt item sched
    jan feb mar apr jun jul aug sep sept oct nov dec
    ст п пп пункт подп пп гл разд рис табл прил абз ч стр с т тт том вып № кв д стат рек рез илл
    янв фев мар апр авг сен сент окт ноя нояб дек"""
)

# The last word only when a capital letter follows ("etc. The", "5 млн. Это").
OPEN = _words(
    """etc inc ltd co corp jr sr plc llc bros al u.s u.k u.n e.u u.s.a d.c a.m p.m ph.d b.c a.d
    г гг в вв млн млрд тыс трлн руб коп долл тнг тенге чел ед экз мес нед мин сек час др пр т.д т.п
    т.ч и.о н.э до.н.э обл р-н ул просп пер пл пос дер с.г м.б т.г"""
)

# Before a proper name ("г. Алматы", "ул. Абая").
PLACES = _words("г обл р-н ул просп пер пл пос дер р о оз гор ст-ца")

# Words that open a sentence so often that an initial before them is the end of another one.
STARTERS = _words(
    """the this these that those it its he she they we you i in on at as for by to from with if when
    while after before under according there here however moreover therefore all each such no not
    в на по при для если когда это эти этот эта он она они мы вы из за под после до как так также
    однако поэтому кроме согласно все каждый такой не вместе"""
)
