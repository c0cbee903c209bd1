import time
from pathlib import Path


def test_smoke(conversation, action_server):
    print(conversation.text, conversation.choices, conversation.question)
    conversation.say("/restart")
    print(conversation.text)
    conversation.say("Wir möchten einen Antrag stellen")
    print(conversation.text, conversation.question)
    t = time.time()
    for i in range(60):
        conversation.say("was kostet das für 200 Mitglieder?")
    print(60 / (time.time() - t), "turns/s")
    print(conversation.text, conversation.choices)
    print(conversation.answers, conversation.slots())
    with action_server.stopped():
        conversation.say("hallo")
        print("DOWN:", conversation.text)
    conversation.say("hallo")
    print("UP:", conversation.text)
