using Mayu.Core.Identity;
using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Identity;

public class IdentityRuleTests
{
    private static readonly Guid Uuid = Guid.Parse("11111111-2222-3333-4444-555555555555");

    [Fact]
    public void A_real_serial_wins() => Assert.Equal("cz1234", NameOf(IdentityRule.BySerial, "CZ1234"));

    [Theory]
    [InlineData("0123456789")]
    [InlineData("VMware-56 4d 11")]
    [InlineData("To be filled by O.E.M.")]
    [InlineData("Default string")]
    [InlineData("NONE")]
    [InlineData("System Serial Number")]
    [InlineData("xxxxxxxx")]
    [InlineData("0")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("bad\u0001serial")]
    public void A_placeholder_and_what_can_be_no_serial_fall_back_to_the_uuid(string? serial) => Assert.Equal(Uuid.ToString(), NameOf(IdentityRule.BySerial, serial));

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("03000200-0400-0500-0006-000700080009")]
    [InlineData("00020003-0004-0005-0006-000700080009")]
    [InlineData("12345678-1234-5678-90ab-cddeefaabbcc")]
    [InlineData("8e275844-178f-44a8-aceb-a7d7e5178c63")]
    [InlineData("07090201-0103-0301-0807-060504030201")]
    [InlineData("01020907-0301-0103-0807-060504030201")]
    public void A_uuid_that_is_unset_or_a_whole_models_falls_back_to_the_mac_in_either_byte_order(string uuid) =>
        Assert.Equal("52:54:00:00:00:01", NameOf(IdentityRule.BySerial, "None", uuid: Guid.Parse(uuid)));

    [Fact]
    public void A_machine_that_says_nothing_has_no_name()
    {
        Assert.False(IdentityRule.TryName(IdentityRule.BySerial.Read(default, bootMac: null), ClusterSnapshot.Empty, out _, out var refusal));
        Assert.NotEmpty(refusal);
    }

    [Fact]
    public void A_machine_of_which_only_a_mac_tells_is_not_named_as_another_one_is()
    {
        var evidence = IdentityRule.BySerial.Read(default, Sample.Mac(1));
        var snapshot = ClusterSnapshot.Empty.With(Sample.Machine(Sample.Mac(1).ToString()));

        Assert.False(IdentityRule.TryName(evidence, snapshot, out _, out var refusal));
        Assert.Equal($"neither serial nor UUID identifies it, and another machine is named {Sample.Mac(1)}", refusal);
    }

    [Theory]
    [InlineData("serial", "s1")]
    [InlineData("uuid", "11111111-2222-3333-4444-555555555555")]
    [InlineData("mac", "52:54:00:00:00:01")]
    [InlineData("{serial}-{uuid}", "s1-11111111-2222-3333-4444-555555555555")]
    [InlineData("rack7.{board_serial}", "rack7.b9")]
    public void A_rule_says_what_machines_are_told_apart_by(string text, string expected)
    {
        Assert.True(IdentityRule.TryParse(text, out var rule, out _));
        Assert.Equal(expected, NameOf(rule, "S1", "B9"));
    }

    [Fact]
    public void A_template_whose_parts_are_missing_falls_back_to_the_uuid()
    {
        Assert.True(IdentityRule.TryParse("{serial}-{board_serial}", out var rule, out _));
        Assert.Equal(Uuid.ToString(), NameOf(rule, "S1", board: "Default string"));
    }

    [Theory]
    [InlineData("", "it must be serial")]
    [InlineData("hostname", "it must be serial")]
    [InlineData("{mac}", "{mac} is unknown")]
    [InlineData("{serial", "is unknown; a template may use")]
    [InlineData("a b{serial}\u0001", "printable ASCII")]
    public void A_rule_that_is_none_is_refused_with_the_reason(string text, string expected)
    {
        Assert.False(IdentityRule.TryParse(text, out _, out var refusal));
        Assert.Contains(expected, refusal, StringComparison.Ordinal);
    }

    private static string NameOf(IdentityRule rule, string? serial, string? board = null, Guid? uuid = null)
    {
        Assert.True(IdentityRule.TryName(rule.Read(new DmiClaims(serial, board, uuid ?? Uuid), Sample.Mac(1)), ClusterSnapshot.Empty, out var name, out _));
        return name.Text;
    }
}
