using System.Text;
using static Mayu.Core.Tests.Ignition.Config;

namespace Mayu.Core.Tests.Ignition;

public class EmbeddedConfigTests
{
    [Fact]
    public void A_config_in_a_data_URL_is_lowered_with_the_one_around_it()
    {
        var config = Rendered(Merging("""{"ignition":{"version":"3.4.0"}}"""), "3.2.0");
        Assert.Equal("""{"ignition":{"version":"3.2.0"}}""", Inner(config));
    }

    [Fact]
    public void One_that_nothing_has_to_be_done_with_stays_as_it_is() => Assert.Equal(
        """{ "ignition":{"version":"3.3.0"}}""", Inner(Rendered(Merging("""{ "ignition":{"version":"3.3.0"}}"""))));

    [Fact]
    public void Its_faults_are_told_at_the_URL_with_their_own_places() => Assert.Equal(
        "1:54 ignition.config.merge[0].source: in the config that it carries, line 2, column 1: Ignition has no such key here",
        Faults(Merging("ignition: {version: 3.3.0}\nx: 1\n")));

    [Fact]
    public void Its_sum_cannot_be_kept_where_it_is_translated() => Assert.Contains(
        "its sum would be another: remove the hash",
        Faults(Merging("variant: fcos\nversion: 1.4.0\n", ", verification: {hash: sha512-" + new string('0', 128) + "}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("variant: fcos\nversion: 1.4.0\n", "gzip", "is not compressed as said")]
    [InlineData("ignition: {version: 2.3.0}", "", "this config is of spec 2.3.0")]
    public void One_that_the_machine_could_not_read_is_refused(string inner, string compression, string expected) =>
        Assert.Contains(expected, Faults(Merging(inner, $", compression: '{compression}'")), StringComparison.Ordinal);

    [Fact]
    public void They_are_in_one_another_only_so_deep()
    {
        var config = "ignition: {version: 3.3.0}";
        for (var i = 0; i < 5; i++)
        {
            config = Merging(config);
        }

        Assert.Contains("more than 4 deep", Faults(config), StringComparison.Ordinal);
    }

    private static string Merging(string inner, string more = "") =>
        $"ignition: {{version: 3.3.0, config: {{merge: [{{source: 'data:;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(inner))}'{more}}}]}}}}";

    private static string Inner(System.Text.Json.Nodes.JsonNode config)
    {
        var url = (string)config["ignition"]!["config"]!["merge"]![0]!["source"]!;
        return url.StartsWith("data:;base64,", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(url["data:;base64,".Length..])) : Uri.UnescapeDataString(url["data:,".Length..]);
    }
}
