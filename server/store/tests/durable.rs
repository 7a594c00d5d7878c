//! What the store promises, on a real file.

#![allow(clippy::unwrap_used)]

use journal::{Chain, Head, Record};
use store::{Access, AccessKey, AccessKind, Options, Pin, Scope, Store, StoreError, Token, Try};

async fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(&folder.path().join("hub.sqlite"), &Options::default())
        .await
        .expect("opens")
        .0
}

async fn append(store: &Store, chain: &mut Chain, body: Vec<u8>) -> Result<Record, StoreError> {
    let record = chain.next(body);
    store.append("s1", record.clone()).await?;
    assert!(chain.advance(&record));
    Ok(record)
}

#[tokio::test]
async fn a_journal_is_read_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = Chain::after(Head::EMPTY);
    let mut written = Vec::new();
    {
        let store = open(&folder).await;
        store.create_sitting("s1", 7).await.unwrap();
        for number in 0..50 {
            written.push(
                append(&store, &mut chain, format!("việc {number}").into_bytes())
                    .await
                    .unwrap(),
            );
        }
        store.note_alive("s1", 99);
        store
            .put_pin(
                "alice",
                Pin {
                    hash: "x".into(),
                    tries: 5,
                },
            )
            .await
            .unwrap();
    }
    let store = open(&folder).await;
    assert_eq!(store.sittings().await.unwrap(), ["s1"]);
    let read = store.journal("s1").await.unwrap();
    assert_eq!(read, written);
    assert_eq!(journal::verify(&read, Some(chain.head())).unwrap(), chain.head());
    assert_eq!(
        store.alive_at("s1").await.unwrap(),
        Some(99),
        "written before what was awaited after it"
    );
    assert_eq!(store.record("s1", 50).await.unwrap().as_ref(), written.last());
    assert_eq!(store.record("s1", 51).await.unwrap(), None);
}

#[tokio::test]
async fn only_what_follows_is_taken_and_one_bad_record_spoils_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    store.create_sitting("s1", 0).await.unwrap();
    store.create_sitting("s2", 0).await.unwrap();
    let mut chain = Chain::after(Head::EMPTY);
    let first = append(&store, &mut chain, b"1".to_vec()).await.unwrap();
    let good = chain.next(b"2".to_vec());
    let gap = Record::seal(7, good.hash, b"7".to_vec());
    let fork = Record::seal(1, journal::Hash::GENESIS, b"another first".to_vec());
    let other = Chain::after(Head::EMPTY).next(b"elsewhere".to_vec());
    let (gap, fork, nowhere, good, other) = tokio::join!(
        store.append("s1", gap),
        store.append("s1", fork),
        store.append("nowhere", first.clone()),
        store.append("s1", good.clone()),
        store.append("s2", other),
    );
    assert!(matches!(gap, Err(StoreError::Conflict)), "{gap:?}");
    assert!(matches!(fork, Err(StoreError::Conflict)), "{fork:?}");
    assert!(matches!(nowhere, Err(StoreError::Conflict)), "{nowhere:?}");
    assert!(good.is_ok() && other.is_ok());
    assert_eq!(store.journal("s1").await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_full_database_takes_nothing_and_later_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.sqlite");
    let mut chain = Chain::after(Head::EMPTY);
    let mut written = 0;
    {
        let options = Options { max_pages: Some(40) };
        let (store, _) = Store::open(&path, &options).await.unwrap();
        store.create_sitting("s1", 0).await.unwrap();
        let error = loop {
            match append(&store, &mut chain, vec![b'x'; 2000]).await {
                Ok(_) => written += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, StoreError::Full(_)), "{error:?}");
        assert!(written > 0);
        assert!(
            append(&store, &mut chain, vec![b'x'; 2000]).await.is_err(),
            "still full"
        );
        assert_eq!(store.journal("s1").await.unwrap().len(), written, "reading goes on");
    }
    let store = open(&folder).await;
    append(&store, &mut chain, vec![b'x'; 2000]).await.unwrap();
    assert_eq!(
        journal::verify(&store.journal("s1").await.unwrap(), None).unwrap(),
        chain.head()
    );
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_the_past() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    store.create_sitting("s1", 0).await.unwrap();
    append(&store, &mut Chain::after(Head::EMPTY), b"1".to_vec())
        .await
        .unwrap();
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", folder.path().join("hub.sqlite").display()))
        .await
        .unwrap();
    for change in ["UPDATE record SET body = x'00'", "DELETE FROM record"] {
        let error = sqlx::query(change).execute(&pool).await.unwrap_err().to_string();
        assert!(error.contains("never"), "{error}");
    }
}

#[tokio::test]
async fn keys_are_known_by_hash_and_can_be_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let access = Access {
        kind: AccessKind::Person,
        subject: "alice".into(),
        site: Some("ward".into()),
    };
    let key = AccessKey {
        hash: [1; 32],
        access: access.clone(),
        made_at: 5,
    };
    assert_eq!(store.key(&[1; 32]).await.unwrap(), Try::Unknown);
    store.put_key(key.clone()).await.unwrap();
    assert_eq!(store.key(&[1; 32]).await.unwrap(), Try::Open(access));
    store.revoke_key([1; 32]).await.unwrap();
    store.put_key(key).await.unwrap();
    assert_eq!(
        store.key(&[1; 32]).await.unwrap(),
        Try::Revoked,
        "a start of the hub does not bring it back"
    );
    assert!(store.revoke_key([2; 32]).await.is_err());
}

#[tokio::test]
async fn tries_at_the_same_moment_never_share_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    store
        .put_pin(
            "alice",
            Pin {
                hash: "x".into(),
                tries: 5,
            },
        )
        .await
        .unwrap();
    let tries = (0..8).map(|_| store.take_try("alice")).collect::<Vec<_>>();
    let mut taken = 0;
    for answer in futures(tries).await {
        taken += usize::from(answer.is_ok());
    }
    assert_eq!(taken, 5);
    assert_eq!(store.pin("alice").await.unwrap().unwrap().tries, 0);
    assert!(store.take_try("bob").await.is_err());
    store.set_tries("alice", 5).await.unwrap();
    assert!(store.take_try("alice").await.is_ok());
}

/// All at once.
async fn futures<T: Send + 'static>(all: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        all.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(value) => {
                done.push(value);
                false
            }
            std::task::Poll::Pending => true,
        });
        if all.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done
}

#[tokio::test]
async fn a_token_is_good_for_its_time_and_until_it_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let token = Token {
        hash: [7; 32],
        scope: Scope::Publish,
        source: "hoi-truong".into(),
        label: "Bàn trộn".into(),
        made_at: 100,
        until: 200,
        revoked: false,
    };
    {
        let store = open(&folder).await;
        store.put_token(token.clone()).await.unwrap();
        assert!(matches!(
            store.put_token(token.clone()).await,
            Err(StoreError::Conflict)
        ));
        assert!(matches!(store.revoke_token([8; 32]).await, Err(StoreError::Conflict)));
    }
    let store = open(&folder).await;
    assert_eq!(store.token(&[7; 32]).await.unwrap(), Some(token.clone()));
    assert_eq!(store.token(&[8; 32]).await.unwrap(), None);
    assert!(token.is_good(199) && !token.is_good(200));
    store.revoke_token([7; 32]).await.unwrap();
    store.revoke_token([7; 32]).await.unwrap();
    let kept = store.tokens().await.unwrap();
    assert!(kept.len() == 1 && kept[0].revoked && !kept[0].is_good(150));
}

#[tokio::test]
async fn all_keys_of_somebody_are_revoked_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    let key = |number: u8, subject: &str, site: Option<&str>| AccessKey {
        hash: [number; 32],
        access: Access {
            kind: AccessKind::Person,
            subject: subject.into(),
            site: site.map(str::to_owned),
        },
        made_at: 1,
    };
    for key in [
        key(1, "alice", None),
        key(2, "alice", Some("hoa-binh")),
        key(3, "bob", None),
    ] {
        store.put_key(key).await.unwrap();
    }
    store.revoke_keys_of(AccessKind::Person, "alice").await.unwrap();
    let revoked = store.revoked_keys().await.unwrap();
    assert_eq!(revoked.iter().map(|key| key.hash[0]).collect::<Vec<_>>(), [1, 2]);
    assert!(revoked.iter().all(|key| key.subject == "alice"));
    assert!(matches!(store.key(&[3; 32]).await.unwrap(), Try::Open(_)));
    let nobody = store.revoke_keys_of(AccessKind::Room, "alice").await;
    assert!(matches!(nobody, Err(StoreError::Conflict)));
}

#[tokio::test]
async fn checkpoints_follow_each_other_and_stay_and_witnesses_only_go_forward() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    store.create_sitting("s1", 7).await.unwrap();
    let put = |number: u64| store.put_checkpoint("s1", number, format!("dấu {number}\n"));
    assert!(matches!(put(2).await, Err(StoreError::Conflict)), "none before it");
    put(1).await.unwrap();
    put(2).await.unwrap();
    assert!(matches!(put(2).await, Err(StoreError::Conflict)), "there is one");
    assert_eq!(store.checkpoints("s1").await.unwrap(), ["dấu 1\n", "dấu 2\n"]);
    assert_eq!(store.successions().await.unwrap(), Vec::<String>::new());
    store
        .put_checkpoint("s1", 3, "dấu 3\nnext ab\n".to_owned())
        .await
        .unwrap();
    assert_eq!(store.successions().await.unwrap(), ["dấu 3\nnext ab\n"]);

    let witness = |number, at| store::Witness {
        name: "room hall".to_owned(),
        number,
        at,
    };
    for (number, at) in [(1, 10), (3, 30), (2, 40)] {
        store.note_witness("s1", witness(number, at)).await.unwrap();
    }
    assert_eq!(store.witnesses("s1").await.unwrap(), [witness(3, 30)]);
}
