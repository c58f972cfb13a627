using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Client.Contracts;
using Mayu.Server.Http;
using Mayu.Server.Tests.BootHttp;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Mayu.Server.Tests.Api;

/// <summary>What the endpoints' signatures tell, of which a description of the API can be made.</summary>
public class ApiDescriptionTests
{
    [Fact]
    public async Task Every_endpoint_answers_a_contract_and_who_may_name_nothing_a_problem()
    {
        await using var server = await TestServer.StartAsync();
        var endpoints = server.ApiEndpoints.Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal)).ToList();
        Assert.True(endpoints.Count >= 20, string.Join('\n', endpoints));
        Assert.All(endpoints, endpoint =>
        {
            var answers = AnswersOf(endpoint.Metadata.GetRequiredMetadata<MethodInfo>().ReturnType);
            Assert.Contains(answers, answer => answer == typeof(TextAnswer)
                || (answer.GetGenericArguments() is [var body] && ApiJsonContext.Default.GetTypeInfo(body) is not null));
            if (endpoint.RoutePattern.Parameters.Count > 0)
            {
                Assert.Contains(typeof(Problem), answers);
            }
        });

        static Type[] AnswersOf(Type returned) =>
            returned.IsSubclassOf(typeof(Task)) ? AnswersOf(returned.GetGenericArguments()[0])
            : returned.IsAssignableTo(typeof(INestedHttpResult)) ? returned.GetGenericArguments()
            : [returned];
    }

    [Fact]
    public async Task Operators_and_machines_can_ask_this_and_nothing_else()
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal(
            [
                "DELETE /api/v1/machines/{serial}",
                "DELETE /api/v1/machines/{serial}/overrides/{name}",
                "DELETE /api/v1/pins/{key}",
                "DELETE /api/v1/tokens/{name}",
                "GET,HEAD /admin/hosts",
                "GET,HEAD /api/v1/addresses",
                "GET,HEAD /api/v1/doctor",
                "GET,HEAD /api/v1/events",
                "GET,HEAD /api/v1/events/machines",
                "GET,HEAD /api/v1/explain/{serial}",
                "GET,HEAD /api/v1/history",
                "GET,HEAD /api/v1/images",
                "GET,HEAD /api/v1/images/{name}",
                "GET,HEAD /api/v1/inventory/hosts",
                "GET,HEAD /api/v1/inventory/zone",
                "GET,HEAD /api/v1/leases",
                "GET,HEAD /api/v1/machines",
                "GET,HEAD /api/v1/machines/{serial}",
                "GET,HEAD /api/v1/machines/{serial}/config",
                "GET,HEAD /api/v1/machines/{serial}/trace",
                "GET,HEAD /api/v1/pins",
                "GET,HEAD /api/v1/pins/{key}",
                "GET,HEAD /api/v1/profiles",
                "GET,HEAD /api/v1/profiles/{name}/config",
                "GET,HEAD /api/v1/strangers",
                "GET,HEAD /api/v1/tokens",
                "GET,HEAD /api/v1/version",
                "GET,HEAD /api/v1/webhooks",
                "GET,HEAD /api/v1/webhooks/{name}/dead-letters",
                "GET,HEAD /docs",
                "GET,HEAD /healthz",
                "GET,HEAD /metrics",
                "GET,HEAD /openapi/v1.json",
                "GET,HEAD /readyz",
                "GET,HEAD /sd/prometheus",
                "PATCH /api/v1/machines/{serial}",
                "POST /api/v1/config-check",
                "POST /api/v1/machine-changes",
                "POST /api/v1/machines/{serial}/conflict",
                "POST /api/v1/machines/{serial}/rollback",
                "POST /api/v1/reload",
                "POST /api/v1/tokens",
                "POST /api/v1/webhooks/{name}/retry",
                "PUT /admin/host/{serial}/boot_complete",
                "PUT /admin/host/{serial}/mark_fresh",
                "PUT /admin/host/{serial}/override",
                "PUT /admin/host/{serial}/set_cabinet",
                "PUT /admin/host/{serial}/set_etcd_cluster_token",
                "PUT /admin/host/{serial}/set_installed",
                "PUT /admin/host/{serial}/set_ipmi_addr",
                "PUT /admin/host/{serial}/set_metadata",
                "PUT /admin/host/{serial}/set_provider_id",
                "PUT /admin/host/{serial}/set_state",
                "PUT /api/v1/machines/{serial}/overrides/{name}",
                "PUT /api/v1/machines/{serial}/state",
                "PUT /api/v1/pins/{key}",
            ],
            Routes(server.ApiEndpoints));
        Assert.Equal(
            [
                "DELETE /etcd/{token}",
                "DELETE /etcd/{token}/_config/size",
                "DELETE /etcd/{token}/{member}",
                "GET,HEAD /",
                "GET,HEAD /boot/config.ign",
                "GET,HEAD /boot/{token}/config",
                "GET,HEAD /boot/{token}/config.ign",
                "GET,HEAD /boot/{token}/mayu.cpio",
                "GET,HEAD /boot/{token}/nocloud/{name}",
                "GET,HEAD /etcd/{token}",
                "GET,HEAD /etcd/{token}/_config/size",
                "GET,HEAD /etcd/{token}/{member}",
                "GET,HEAD /fileserver/{**name}",
                "GET,HEAD /first-stage-cloud-config/{serial}",
                "GET,HEAD /first-stage-script/{serial}",
                "GET,HEAD /hostinfo-helper",
                "GET,HEAD /ignition",
                "GET,HEAD /images/initrd.cpio.gz",
                "GET,HEAD /images/vmlinuz",
                "GET,HEAD /images/{serial}/initrd.cpio.gz",
                "GET,HEAD /images/{serial}/initrd.cpio.gz.sha256",
                "GET,HEAD /images/{serial}/install_image.bin.bz2",
                "GET,HEAD /images/{serial}/install_image.bin.bz2.sha256",
                "GET,HEAD /images/{serial}/install_image.bin.gz",
                "GET,HEAD /images/{serial}/install_image.bin.gz.sha256",
                "GET,HEAD /images/{serial}/qemu/coreos_production_qemu.vmlinuz",
                "GET,HEAD /images/{serial}/qemu/coreos_production_qemu.vmlinuz.sha256",
                "GET,HEAD /images/{serial}/qemu/coreos_production_qemu_usr_image.squashfs",
                "GET,HEAD /images/{serial}/qemu/coreos_production_qemu_usr_image.squashfs.sha256",
                "GET,HEAD /images/{serial}/vmlinuz",
                "GET,HEAD /images/{serial}/vmlinuz.sha256",
                "GET,HEAD /install-plan/{serial}",
                "GET,HEAD /ipxebootscript",
                "GET,HEAD /loaders/{**name}",
                "GET,HEAD /serial",
                "GET,HEAD /yochu/{**name}",
                "POST /callbacks/{serial}/boot_complete",
                "POST /callbacks/{serial}/failed",
                "POST /callbacks/{serial}/installed",
                "POST /callbacks/{serial}/progress",
                "POST /final-cloud-config.yaml",
                "POST /final-ignition-config.json",
                "POST /provisioning-config",
                "PUT /etcd/new",
                "PUT /etcd/{token}",
                "PUT /etcd/{token}/_config/size",
                "PUT /etcd/{token}/{member}",
            ],
            Routes(server.BootEndpoints));

        static IEnumerable<string> Routes(IEnumerable<RouteEndpoint> endpoints) => endpoints
            .Select(endpoint => $"{string.Join(',', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any"])} {endpoint.RoutePattern.RawText}")
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Every_endpoint_with_a_body_tells_its_type()
    {
        await using var server = await TestServer.StartAsync();
        var types = server.ApiEndpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [("PUT" or "PATCH" or "POST")]
                && endpoint.RoutePattern.RawText is not ("/api/v1/reload" or "/api/v1/config-check" or "/admin/host/{serial}/mark_fresh" or "/admin/host/{serial}/set_installed"))
            .Select(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType);
        Assert.Equal(
            [nameof(ApiTokenRequest), nameof(ConflictRequest), nameof(LegacyHost), nameof(MachineChangeRequest), nameof(MachineChangesRequest), nameof(OverrideRequest), nameof(PinRequest), nameof(RollbackRequest), nameof(StateChangeRequest), nameof(WebhookRetryRequest)],
            types.Select(type => type?.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("GET", "nosuch", HttpStatusCode.NotFound, "The API has no such path. docs/api.md lists its requests.")]
    [InlineData("POST", "machines", HttpStatusCode.MethodNotAllowed, "This path answers GET, HEAD only.")]
    public async Task What_no_handler_answers_is_a_problem_too(string method, string path, HttpStatusCode status, string detail)
    {
        await using var server = await TestServer.StartAsync();

        using var answer = await server.SendAsync(new HttpMethod(method), path);

        Assert.Equal((status, ApiProblem.MediaType), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(detail, await TestServer.DetailOf(answer));
    }

    [Theory]
    [InlineData("{", "The body is not valid JSON", "Line 1, byte 2, at $.")]
    [InlineData("{\n\"stat\": 1}", "The body has a wrong key or value", "Line 2, byte 8, at $.stat: there is no such key; did you mean \"state\"?")]
    [InlineData("{\"colour\": 1}", "The body has a wrong key or value", "at $.colour: there is no such key.")]
    [InlineData("{\"state\": 1}", "The body has a wrong key or value", "at $.state: it is there twice, or its value is of another type.")]
    public async Task What_is_wrong_with_a_body_is_said_with_line_and_byte_from_1(string json, string title, string detail)
    {
        await using var server = await TestServer.StartAsync();
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await server.Api.PutAsync(new Uri("/api/v1/machines/a/state", UriKind.Relative), body);

        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(title, (string?)problem["title"]);
        Assert.Contains(detail, (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_key_within_an_object_is_told_as_well()
    {
        await using var server = await TestServer.StartAsync();
        using var body = new StringContent("""{"selector": "a=1", "change": {"hostnam": "x"}}""", Encoding.UTF8, "application/json");
        using var answer = await server.Api.PostAsync(new Uri("/api/v1/machine-changes", UriKind.Relative), body);

        Assert.EndsWith("at $.change.hostnam: there is no such key; did you mean \"hostname\"?", await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("machines/%20/state", "No serial")]
    [InlineData("machines/a/state", "The body is not valid JSON")]
    public async Task Of_two_faults_the_first_is_told(string path, string title)
    {
        await using var server = await TestServer.StartAsync();
        using var body = new StringContent("{", Encoding.UTF8, "text/plain");
        using var answer = await server.Api.PutAsync(new Uri("/api/v1/" + path, UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"title\":\"{title}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
