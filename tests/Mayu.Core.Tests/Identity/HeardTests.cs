using Mayu.Core.Identity;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Identity;

public class HeardTests
{
    private static readonly Guid U1 = Guid.NewGuid();
    private static readonly MacAddress Mac = Sample.Mac(1);

    [Fact]
    public void What_is_said_piece_by_piece_adds_up()
    {
        var heard = new Heard();
        heard.Note(Mac, Sample.Serial("a"), null, isOnRecord: false);
        heard.Note(Mac, null, U1, isOnRecord: false);
        Assert.Equal(new HeardClaim(Sample.Serial("a"), U1), heard.Recall(Mac));
        heard.Note(Mac, null, Uuids.Swapped(U1), isOnRecord: false);
        Assert.Equal(Sample.Serial("a"), heard.Recall(Mac).Serial);
    }

    [Fact]
    public void Another_serial_or_another_uuid_is_another_machine_with_that_card()
    {
        var heard = new Heard();
        heard.Note(Mac, Sample.Serial("a"), U1, isOnRecord: false);
        heard.Note(Mac, Sample.Serial("b"), null, isOnRecord: false);
        Assert.Equal(new HeardClaim(Sample.Serial("b"), null), heard.Recall(Mac));
        heard.Note(Mac, null, U1, isOnRecord: false);
        heard.Note(Mac, null, Guid.NewGuid(), isOnRecord: false);
        Assert.Null(heard.Recall(Mac).Serial);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_word_counts_also_when_the_card_got_or_lost_its_record_meanwhile(bool isOnRecord)
    {
        var heard = new Heard();
        heard.Note(Mac, Sample.Serial("a"), null, isOnRecord);
        heard.Note(Mac, Sample.Serial("b"), null, !isOnRecord);
        Assert.Equal(Sample.Serial("b"), heard.Recall(Mac).Serial);
    }

    [Fact]
    public void Who_says_nothing_changes_nothing()
    {
        var heard = new Heard();
        heard.Note(Mac, Sample.Serial("a"), null, isOnRecord: false);
        heard.Note(Mac, null, null, isOnRecord: true);
        Assert.Equal(Sample.Serial("a"), heard.Recall(Mac).Serial);
    }

    [Fact]
    public void As_many_as_it_has_room_for_are_remembered_and_not_more_than_twice_as_many()
    {
        const int Room = 10;
        var heard = new Heard(Room);
        for (var i = 1; i <= 10 * Room; i++)
        {
            heard.Note(Sample.Mac(i), null, U1, isOnRecord: false);
            Assert.All(Enumerable.Range(1, i).TakeLast(Room), newest => Assert.Equal(U1, heard.Recall(Sample.Mac(newest)).Uuid));
        }

        Assert.InRange(Enumerable.Range(1, 10 * Room).Count(i => heard.Recall(Sample.Mac(i)).Uuid is not null), Room, 2 * Room);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_forgotten_is_gone_however_old_it_is(bool isOnRecord)
    {
        var heard = new Heard(capacity: 1);
        heard.Note(Sample.Mac(1), null, U1, isOnRecord);
        heard.Note(Sample.Mac(2), null, U1, isOnRecord);
        heard.Forget(Sample.Mac(1));
        heard.Forget(Sample.Mac(2));
        Assert.Equal(default, heard.Recall(Sample.Mac(1)));
        Assert.Equal(default, heard.Recall(Sample.Mac(2)));
    }
}
