"""factory_boy with SQLAlchemy, for run.py: see contestants.cpp. Faker is left out, so that only the two are measured."""
import random
import sys
import time

import factory
from sqlalchemy import (BigInteger, Boolean, Column, DateTime, Integer, Numeric, Text, create_engine,
                        func, text)
from sqlalchemy.orm import declarative_base, sessionmaker

session = sessionmaker(bind=create_engine(sys.argv[1]))()


class User(declarative_base()):
    __tablename__ = 'users'
    id = Column(BigInteger, primary_key=True)
    email = Column(Text)
    name = Column(Text)
    age = Column(Integer)
    balance = Column(Numeric(10, 2))
    active = Column(Boolean)
    note = Column(Text)
    account_id = Column(BigInteger, server_default=text('1'))
    created_at = Column(DateTime, server_default=func.now())


class UserFactory(factory.alchemy.SQLAlchemyModelFactory):
    class Meta:
        model = User
        sqlalchemy_session = session

    email = factory.Sequence(lambda n: f'user{n}@example.com')
    name = factory.LazyFunction(lambda: random.choice(('Ada', 'Grace')) + ' ' + random.choice(('Hopper', 'Liskov')))
    age = factory.LazyFunction(lambda: random.randint(18, 97))
    balance = factory.LazyFunction(lambda: round(random.random() * 90000, 2))
    active = factory.LazyFunction(lambda: random.random() < .5)
    note = factory.LazyFunction(lambda: '%024x' % random.getrandbits(96))


def create_list(rows):
    """The fastest of its ways: all rows in one flush, and one commit."""
    UserFactory.create_batch(rows)
    session.commit()


def truncate():
    session.execute(text('TRUNCATE users RESTART IDENTITY CASCADE'))
    session.commit()
    session.expunge_all()


truncate()
create_list(10)
for line in sys.stdin:
    contest, rows = line.split()
    if contest != 'create_list':
        sys.exit(f'factory_boy: unknown contest {contest}')
    truncate()
    start = time.perf_counter()
    create_list(int(rows))
    print(time.perf_counter() - start, flush=True)
