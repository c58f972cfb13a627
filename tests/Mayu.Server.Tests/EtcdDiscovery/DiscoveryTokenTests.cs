using Mayu.Server.EtcdDiscovery;

namespace Mayu.Server.Tests.EtcdDiscovery;

/// <summary>What a token lets its members do, in etcd's words.</summary>
public sealed class DiscoveryTokenTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly DiscoveryToken _token = new() { Text = new('a', 32), Size = 3, Created = Now, Changed = Now };

    [Fact]
    public void A_member_registers_once_is_changed_and_goes_each_with_its_number()
    {
        var created = _token.Put("m", "1", mustExist: false, Now);
        Assert.Equal(("create", 2L, 2L), (created.Event!.Action, created.Event.Index, created.Event.Member.CreatedIndex));
        Assert.Equal(DiscoveryFault.NodeExists, created.Token.Put("m", "2", mustExist: false, Now).Fault);
        var set = created.Token.Put("m", "2", mustExist: null, Now);
        Assert.Equal(("set", 3L, 2L, "1"), (set.Event!.Action, set.Event.Index, set.Event.Member.CreatedIndex, set.Event.Previous!.Value));
        Assert.Equal("update", set.Token.Put("m", "3", mustExist: true, Now).Event!.Action);
        Assert.Equal(DiscoveryFault.KeyNotFound, set.Token.Put("n", "3", mustExist: true, Now).Fault);
        var removed = set.Token.Remove("m", Now);
        Assert.Equal(("delete", 4L, null), (removed.Event!.Action, removed.Token.Index, removed.Event.Member.Value));
        Assert.Equal(DiscoveryFault.KeyNotFound, removed.Token.Remove("m", Now).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("_config")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    public void A_name_that_is_none_is_refused(string name) => Assert.Equal(DiscoveryFault.InvalidField, _token.Put(name, "v", null, Now).Fault);

    [Fact]
    public void Values_names_and_members_are_bounded()
    {
        Assert.Null(_token.Put(new string('a', DiscoveryToken.MaxName), new string('é', DiscoveryToken.MaxValue / 2), null, Now).Fault);
        Assert.Equal(DiscoveryFault.InvalidField, _token.Put(new string('a', DiscoveryToken.MaxName + 1), "v", null, Now).Fault);
        Assert.Equal(DiscoveryFault.InvalidField, _token.Put("a", new string('é', (DiscoveryToken.MaxValue / 2) + 1), null, Now).Fault);

        var token = _token;
        for (var i = 0; i < 19; i++)
        {
            token = Put(token, $"m{i}", "v");
        }

        Assert.Equal(DiscoveryFault.Full, token.Put("one-more", "v", null, Now).Fault);
        Assert.Null(token.Put("m0", "w", null, Now).Fault);
    }

    [Fact]
    public void A_size_is_set_until_somebody_counts_on_it()
    {
        Assert.Equal(5, _token.Resize(5, null, Now).Token.Size);
        Assert.Equal(DiscoveryFault.NodeExists, _token.Resize(5, mustExist: false, Now).Fault);
        Assert.Equal(DiscoveryFault.InvalidField, _token.Resize(0, null, Now).Fault);
        Assert.Equal(DiscoveryFault.InvalidField, _token.Resize(33, null, Now).Fault);
        Assert.Equal(DiscoveryFault.ReadOnly, Put(_token, "m", "v").Resize(5, null, Now).Fault);
    }

    [Fact]
    public void The_last_changes_are_remembered_and_the_first_that_is_not_is_known()
    {
        var token = _token;
        for (var i = 0; i < 130; i++)
        {
            token = Put(token, $"m{i % 3}", $"{i}");
        }

        Assert.Equal(64, token.Events.Length);
        Assert.Equal((67L, 68L), (token.ClearedIndex, token.Events[0].Index));
        Assert.Equal(131, token.EventFrom("m0", 129)!.Index);
        Assert.Null(token.EventFrom("m1", 131));
    }

    private static DiscoveryToken Put(DiscoveryToken token, string name, string value) => token.Put(name, value, null, Now).Token;
}
