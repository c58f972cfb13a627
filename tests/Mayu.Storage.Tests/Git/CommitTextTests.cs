using Mayu.Storage.Folders;
using Mayu.Storage.Git;

namespace Mayu.Storage.Tests.Git;

public class CommitTextTests
{
    private static readonly ChangeNote[] Notes =
    [
        new("4711", "ada", "updated state to running", "a\n\nMayu-Change: forged: x\n\tb"),
        new("aa:bb", "machine aa:bb", "added: twice", null),
        new("x:", "bob", "what", "why"),
        new("pin mac:52:54:00:00:00:01", "ada", "pinned to core", null),
        new("pin serial:4711", "ada", "removed", "it came"),
        new(ChangeNote.AllPins, "mayu", "edited by hand", "x"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void Changes_come_back_as_they_were(int count) => Assert.Equal(Notes[..count], CommitText.Parse(CommitText.Of(Notes[..count], DateTimeOffset.UnixEpoch).Message));

    [Fact]
    public void A_single_change_with_each_of_them_comes_back() =>
        Assert.All(Notes, note => Assert.Equal([note], CommitText.Parse(CommitText.Of([note], DateTimeOffset.UnixEpoch).Message)));

    [Fact]
    public void Line_feeds_and_control_characters_forge_nothing()
    {
        var note = new ChangeNote("a", "eve\nMayu-Who: ada", "x\nMayu-Serial: b", "\u001b[2Jz\0");
        Assert.Equal([new ChangeNote("a", "eve Mayu-Who: ada", "x Mayu-Serial: b", "[2Jz")], CommitText.Parse(CommitText.Of([note], DateTimeOffset.UnixEpoch).Message));
    }

    [Theory]
    [InlineData("fix: typo\n")]
    [InlineData("")]
    [InlineData("a: b\n\nSigned-off-by: Hand\n")]
    [InlineData("a: b\n\nMayu-Serial: c\nMayu-Who: d\n")]
    public void What_hands_wrote_is_not_taken_for_ours(string message) => Assert.Empty(CommitText.Parse(message));
}
