// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// The interface of the on-chain sanctions oracle, with a list that anybody may write: for tests.
contract TestSanctionsList {
    mapping(address => bool) private listed;

    function isSanctioned(address account) external view returns (bool) {
        return listed[account];
    }

    function set(address account, bool isListed) external {
        listed[account] = isListed;
    }
}
