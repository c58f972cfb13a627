using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mayu.Linux.Tests;
using Mayu.Server.Configuration;
using Mayu.Server.Preflight;

namespace Mayu.Server.Tests.Preflight;

/// <summary>What the first machine would find out, after it has taken its slot.</summary>
public sealed class MachineNeedsTests : IDisposable
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f operator";

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-needs-").FullName;

    public MachineNeedsTests()
    {
        Write("images/discovery/vmlinuz", "k");
        Write("images/discovery/initrd.cpio.gz", "i");
        Write("images/os/install_image.bin.gz", "d");
        Write("images/os/image.json", $$$"""{"version":"1.0","disk":{"file":"install_image.bin.gz","size":1048576,"sha256":"{{{new string('a', 64)}}}"}}""");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_is_missing_where_all_is_there() => Assert.Empty(Missing());

    [Fact]
    public void A_discovery_image_that_is_missing_is_named_with_its_path()
    {
        Directory.Delete(Path.Combine(_folder, "images/discovery"), recursive: true);
        Assert.All(Missing(), need => Assert.StartsWith($"discovery_image: image \"discovery\" is missing: there is no folder {_folder}/images/discovery", need, StringComparison.Ordinal));
        Assert.Single(Missing());
    }

    [Fact]
    public void A_file_that_an_image_lacks_is_named()
    {
        File.Delete(Path.Combine(_folder, "images/discovery/initrd.cpio.gz"));
        Assert.Contains($"lacks the file {_folder}/images/discovery/initrd.cpio.gz: no machine can be discovered or installed", Assert.Single(Missing()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("images/discovery/vmlinuz", "discovery_image: image \"discovery\"")]
    [InlineData("images/discovery", "discovery_image: image \"discovery\"")]
    [InlineData("images/os/install_image.bin.gz", "defaults: profile default: image \"os\"")]
    public void A_file_that_the_server_may_not_read_is_not_called_missing(string closed, string start)
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED);
        OtherUser.Give(_folder);
        Assert.Empty(OtherUser.Do(() => Missing()));
        var path = Path.Combine(_folder, closed);
        File.SetUnixFileMode(path, UnixFileMode.None);

        var needs = OtherUser.Do(() => Missing());
        File.SetUnixFileMode(path, (UnixFileMode)0x1C0);
        var need = Assert.Single(needs);
        Assert.StartsWith($"{start} cannot be used: {path} is not readable for the user ", need, StringComparison.Ordinal);
        Assert.Contains("; make it readable (chmod, chown): ", need, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_the_server_may_not_read_is_told_in_one_sentence()
    {
        Write("templates/first_stage_script.sh", "");
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED);
        OtherUser.Give(_folder);
        File.SetUnixFileMode(Path.Combine(_folder, "templates/first_stage_script.sh"), UnixFileMode.None);

        var need = Assert.Single(OtherUser.Do(() => Missing($"templates_dir: {_folder}/templates")));
        Assert.Contains("first_stage_script.sh: it is not readable for the user ", need, StringComparison.Ordinal);
        Assert.EndsWith("; make it readable (chmod, chown): no machine can be installed", need, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loader_of_ones_own_that_the_server_may_not_read_is_named()
    {
        Write("tftp/grub/own.efi", "l");
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED);
        OtherUser.Give(_folder);
        Assert.Empty(OtherUser.Do(() => Missing($"tftp_root: {_folder}/tftp")));
        File.SetUnixFileMode(Path.Combine(_folder, "tftp/grub/own.efi"), UnixFileMode.None);

        var need = Assert.Single(OtherUser.Do(() => Missing($"tftp_root: {_folder}/tftp")));
        Assert.StartsWith($"tftp_root: {_folder}/tftp/grub/own.efi is not readable for the user ", need, StringComparison.Ordinal);
        Assert.EndsWith(": machines that ask for it get an error", need, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_a_profile_that_is_missing_is_named_with_the_profile()
    {
        var need = Assert.Single(Missing("profiles: [{name: core, quantity: 1, image: old}]"));
        Assert.StartsWith("profiles: profile core: image \"old\" is missing", need, StringComparison.Ordinal);
        Assert.EndsWith(": machines cannot be installed", need, StringComparison.Ordinal);
    }

    [Fact]
    public void What_several_profiles_lack_is_told_once()
    {
        Directory.Delete(Path.Combine(_folder, "images/os"), recursive: true);
        Assert.StartsWith("defaults: profiles core, edge, default: image \"os\" is missing", Assert.Single(Missing("profiles: [{name: core, quantity: 1}, {name: edge, quantity: 1}]")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tftp_root: /nowhere/tftp", "tftp_root: the server cannot start: tftp_root is /nowhere/tftp, but there is no such folder; create it")]
    [InlineData("tftp_root: /etc/passwd", "tftp_root: the server cannot start: tftp_root is /etc/passwd, which is a file")]
    [InlineData("api: {tls_certificate: /nowhere/a.pem, tls_key: /nowhere/b.pem}", "api.tls_certificate: the server cannot start: /nowhere/a.pem and /nowhere/b.pem cannot be used: Could not find")]
    [InlineData("api: {tls_certificate: /etc/passwd, tls_key: /etc/passwd}", "api.tls_certificate: the server cannot start: /etc/passwd and /etc/passwd cannot be used: ")]
    public void A_file_without_which_the_server_would_not_start_is_told(string more, string expected)
    {
        Assert.StartsWith(expected, Assert.Single(Missing(more)), StringComparison.Ordinal);
    }

    // The framework calls it a wrong argument, which was told as a defect.
    [Fact]
    public void A_key_of_another_certificate_is_told()
    {
        foreach (var name in new[] { "one", "other" })
        {
            using var key = ECDsa.Create();
            using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
            Write($"{name}.pem", certificate.ExportCertificatePem());
            Write($"{name}-key.pem", key.ExportPkcs8PrivateKeyPem());
        }

        Assert.Empty(Missing($"api: {{tls_certificate: {_folder}/one.pem, tls_key: {_folder}/one-key.pem}}"));
        Assert.StartsWith(
            $"api.tls_certificate: the server cannot start: {_folder}/one.pem and {_folder}/other-key.pem cannot be used: ",
            Assert.Single(Missing($"api: {{tls_certificate: {_folder}/one.pem, tls_key: {_folder}/other-key.pem}}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pxe: {architectures: [{architecture: uefi-x64, file: ipxe.efi}]}")]
    [InlineData("pxe: {quirks: [{oui: '00:25:90', file: ipxe.efi}]}")]
    public void A_loader_that_does_not_return_to_the_firmware_is_told_unless_it_need_not_or_is_the_operators_own(string pxe)
    {
        Assert.StartsWith("pxe: Debian's ipxe.efi does not return to the firmware", Assert.Single(Missing(pxe)), StringComparison.Ordinal);
        Assert.Empty(Missing($"{pxe}\ndefaults: {{image: os, localboot: silent}}", defaults: ""));
        Write("tftp/ipxe.efi", "own");
        Assert.Empty(Missing($"{pxe}\ntftp_root: {_folder}/tftp"));
    }

    [Fact]
    public void A_template_that_does_not_exist_is_named_with_its_path()
    {
        var need = Assert.Single(Missing("profiles: [{name: core, quantity: 1, template: cre}]"));
        Assert.Contains("ignition/cre.yaml", need, StringComparison.Ordinal);
        Assert.EndsWith(": machines get no config", need, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_cannot_be_rendered_is_told_with_file_and_line()
    {
        Write("templates/ignition/default.yaml", "variant: fcos\nversion: 1.3.0\nx: {{ machine.serail }}\n");
        Assert.Contains($"{_folder}/templates/ignition/default.yaml, line 3, ", Assert.Single(Missing($"templates_dir: {_folder}/templates")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_stage_that_cannot_be_rendered_is_told()
    {
        Write("templates/first_stage_script.sh", "{{ nothing }}");
        Assert.Contains("first_stage_script.sh, line 1, column 4", Assert.Single(Missing($"templates_dir: {_folder}/templates")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh-ed25519 AAAA-put-your-own-key-here")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")]
    public void A_public_key_that_is_none_is_told_and_so_are_the_configs_that_would_carry_it(string key)
    {
        var missing = Missing($"vars: {{ssh_authorized_keys: [\"{Key}\", \"{key}\"]}}").ToList();
        Assert.Equal(2, missing.Count);
        Assert.Contains("passwd.users[0].sshAuthorizedKeys[1]: it is no line of authorized_keys", missing[0], StringComparison.Ordinal);
        Assert.Contains("is not an SSH public key", missing[1], StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_engine_external_silence_would_leave_installed_machines_to_the_other_server()
    {
        Assert.Contains("set localboot: script", Assert.Single(Missing("engine: external\ndefaults: {image: os, localboot: silent}", defaults: "")), StringComparison.Ordinal);
        Assert.Empty(Missing("engine: external"));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private List<string> Missing(string more = "", string defaults = "defaults: {image: os}")
    {
        var reader = ConfigurationReader.Read("config.yaml", $$"""
            network:
              interface: eth1
              address: 10.0.0.1
              subnet: 10.0.0.0/24
              bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
              internal_range: {start: 10.0.0.10, end: 10.0.0.99}
            data_dir: {{_folder}}
            {{defaults}}
            """ + "\n" + more + "\n", OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader);
        Assert.Empty(reader.Problems);
        return [.. new MachineNeeds(configuration!).Missing().Select(need => $"{need.Key}: {need.Problem}")];
    }
}
