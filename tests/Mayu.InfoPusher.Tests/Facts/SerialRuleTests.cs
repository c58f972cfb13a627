using Mayu.Client.Contracts;
using Mayu.InfoPusher.Facts;

namespace Mayu.InfoPusher.Tests.Facts;

public sealed class SerialRuleTests
{
    private const string Uuid = "4c4c4544-0058-4b10-8051-b7c04f325432";
    private const string Mac = "52:54:00:00:00:01";

    [Theory]
    [InlineData("7XKQ2T2", "7xkq2t2")]
    [InlineData("  C02 XK 0AB\t", "c02-xk-0ab")]
    [InlineData("00A1", "00a1")]
    public void A_real_serial_is_lower_cased_and_its_spaces_become_dashes(string serial, string expected) =>
        Assert.Equal(expected, SerialRule.Choose(new DmiFacts { Serial = serial, Uuid = Uuid }, Mac));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("0123456789")]
    [InlineData("To Be Filled By O.E.M.")]
    [InlineData("Default string")]
    [InlineData("NONE")]
    [InlineData("System Serial Number")]
    [InlineData("Not Specified")]
    [InlineData("VMware-56 4d")]
    [InlineData("vmware")]
    [InlineData("0000000000")]
    [InlineData("XXXXXXXX")]
    [InlineData("........")]
    [InlineData("SÉRIE-1")]
    public void A_placeholder_gives_way_to_the_uuid(string? serial) =>
        Assert.Equal(Uuid, SerialRule.Choose(new DmiFacts { Serial = serial, Uuid = Uuid.ToUpperInvariant() }, Mac));

    [Theory]
    [InlineData(null)]
    [InlineData("not a uuid")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF")]
    [InlineData("03000200-0400-0500-0006-000700080009")]
    public void A_uuid_that_others_have_too_gives_way_to_the_boot_interface(string? uuid) =>
        Assert.Equal(Mac, SerialRule.Choose(new DmiFacts { Serial = "None", Uuid = uuid }, Mac));

    [Fact]
    public void A_machine_without_any_of_them_has_an_empty_serial() => Assert.Equal("", SerialRule.Choose(new DmiFacts(), null));
}
